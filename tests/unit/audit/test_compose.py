"""A Compose project as an audit takes it: one service, read as Compose reads it."""

import json
import re
import textwrap
from types import SimpleNamespace

import pytest

from factorlab.audit import compose
from factorlab.audit.draft import draft
from factorlab.audit.target import resolve
from factorlab.engine.build.build import Build
from factorlab.engine.images.foreign import Record
from factorlab.errors import FactorLabError
from factorlab.lab.images import Images
from factorlab.questions.contract import contract_of


def test_a_compose_service_is_its_image_or_its_folder(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "web" / "factorlab.toml").write_text("[app]\nport = 9\n")
    file = tmp_path / "compose.yaml"
    file.write_text(
        "services:\n  web:\n    build: {context: web, args: [A=1]}\n  db:\n    image: postgres:15\n"
    )
    web = resolve(str(tmp_path), service="web")
    assert web.folder is not None
    assert (web.folder.path, web.folder.args, web.contract.port) == (
        tmp_path / "web",
        {"A": "1"},
        9,
    )
    assert resolve(str(file), service="db").image == "postgres:15"
    with pytest.raises(FactorLabError, match="no service 'wep'"):
        resolve(str(file), service="wep")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Resolve one service, written as YAML, of a project with a `.env`; `shell` are the variables
    of whoever calls."""
    for name in ("TAG", "REVISION", "PLACE", "UNSET"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("TAG=1.5  # the next one\nREVISION='abc'\nPLACE=.\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")

    def one(service, others="", **shell):
        for name, value in shell.items():
            monkeypatch.setenv(name, value)
        text = (
            "services:\n  web:\n" + textwrap.indent(service, "    ") + textwrap.indent(others, "  ")
        )
        (tmp_path / "compose.yaml").write_text(text)
        return resolve(str(tmp_path), service="web")

    return one


@pytest.mark.parametrize(
    ("image", "shell", "meant"),
    [
        ("shop:${TAG:-1.4}", {}, "shop:1.5"),
        ("shop:${TAG}", {"TAG": "1.6"}, "shop:1.6"),
        ("shop:${UNSET:-1.4}", {}, "shop:1.4"),
        ("shop$UNSET", {}, "shop"),
    ],
)
def test_the_variables_of_a_compose_file_are_those_of_the_shell_and_of_its_env(
    project, image, shell, meant
):
    assert project(f"image: {image}", **shell).image == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{REVISION: }", {"REVISION": "abc"}),
        ("[REVISION]", {"REVISION": "abc"}),
        ("{UNSET: }", {}),
        ("[UNSET]", {}),
        ("['UNSET=']", {"UNSET": ""}),
        ("{DEBUG: true, TIMES: 3}", {"DEBUG": "true", "TIMES": "3"}),
        ("{DEBUG: yes, TRACE: off}", {"DEBUG": "yes", "TRACE": "off"}),
        ("['A=${TAG}-x']", {"A": "1.5-x"}),
        ("{A: $$HOME}", {"A": "$HOME"}),
    ],
)
def test_build_arguments_are_what_compose_makes_of_them(project, written, meant):
    target = project(f"build: {{context: '${{PLACE}}', args: {written}}}")
    assert target.folder.args == meant


def test_a_compose_build_is_followed_in_all_that_makes_the_image(project):
    build = "{context: '${PLACE}', target: prod, labels: {revision: $TAG}, dockerfile: Dockerfile}"
    target = project(f"build: {build}\ncommand: gunicorn 'shop:app' --bind :$$PORT\n")
    assert (target.folder.stage, target.folder.labels) == ("prod", {"revision": "1.5"})
    assert target.service.command == ("gunicorn", "shop:app", "--bind", ":$PORT")
    assert "`gunicorn shop:app --bind ':$PORT'`" in target.remarks()[0]
    assert project("image: shop\ncommand: [run, '${TAG}']").service.command == ("run", "1.5")
    (remark,) = project("image: shop\nentrypoint: /start.sh").remarks()
    assert "was started by its own" in remark


def test_a_draft_has_what_the_project_says_of_the_service(project, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "factorlab.audit.target.record_of", lambda _: Record([80], {"TAG": "image"})
    )
    (tmp_path / "web.env").write_text("MODE=file\nREDIS_URL=redis://cache\n")
    record = project(
        "image: shop\nenvironment: [MODE=shop, TAG]\nenv_file: [{path: web.env}, none.env]\n"
        "ports: ['127.0.0.1:8080:8000/tcp', {target: 53}, 9000-9001, 5/udp]\nexpose: ['7000']\n"
        "healthcheck: {test: curl http://localhost:8000/healthz}"
    ).record("sha256:1")
    assert record.env == {"MODE": "shop", "REDIS_URL": "redis://cache", "TAG": "1.5"}
    assert record.ports == [8000, 53, 9000, 7000]
    assert contract_of(draft("shop", record), whole=False).ready == "/healthz"
    assert project("image: shop").record("sha256:1").ports == [80]


def test_a_service_has_what_it_extends(project):
    target = project(
        "extends: {service: base}\nbuild: {args: [A=2], target: prod}\n",
        "base: {extends: root, build: {context: ., args: {A: 1, B: 1}}}\nroot: {command: serve}\n",
    )
    assert (target.folder.args, target.folder.stage) == ({"A": "2", "B": "1"}, "prod")
    assert target.service.command == ("serve",)


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("build: [a]", "`build` of web is no mapping"),
        ("build: {args: 3}", "`args` of web is no"),
        ("build: {context: ., args: 'A=1'}", "`args` of web is no mapping"),
        ("image:", "neither `build:` nor `image:`"),
        ("command: run", "neither `build:` nor `image:`"),
        ('image: x\ncommand: "run \'x"', "is no command"),
        ("3", "`services.web` is no mapping"),
        ("build: {dockerfile_inline: FROM x}", "docker compose build web"),
        ("build: {context: ., secrets: [token]}", "docker compose build web"),
        ("build: 'https://example.org/shop.git'", "docker compose build web"),
        ("extends: {service: base, file: other.yaml}", "docker compose config"),
        ("extends: web", "docker compose config"),
    ],
)
def test_a_compose_file_that_cannot_be_followed_is_told(project, service, told):
    with pytest.raises(FactorLabError, match=re.escape(told)):
        project(service)


def test_a_compose_file_may_have_another_name(tmp_path):
    file = tmp_path / "whole.yml"
    file.write_text("services: {web: {image: shop}}")
    assert resolve(str(file)).image == "shop"
    file.write_text("")
    with pytest.raises(FactorLabError, match="it has no services"):
        resolve(str(file))


def test_the_web_process_is_started_as_the_contract_says_or_else_the_compose_file(
    project, tmp_path, monkeypatch
):
    monkeypatch.setattr("factorlab.audit.target.local_image", lambda _: Build("sha256:1", "x"))
    monkeypatch.setattr("factorlab.audit.target.record_of", lambda image: Record())
    target = project("image: shop\ncommand: [run, it]")
    assert target.subject(Images(SimpleNamespace(session=None))).contract.web == ("run", "it")
    (tmp_path / "factorlab.toml").write_text(
        '[processes]\nweb = "serve --all"\nworker = ["python", "worker.py"]\n'
    )
    found = (
        project("image: shop\ncommand: [run, it]")
        .subject(Images(SimpleNamespace(session=None)))
        .contract
    )
    assert (found.web, dict(found.processes)) == (
        "serve --all",
        {"worker": ("python", "worker.py")},
    )


def test_a_required_variable_that_nobody_set_is_told(project):
    with pytest.raises(FactorLabError, match="UNSET is required: which one") as told:
        project("image: 'shop:${UNSET:?which one}'")
    assert ".env" in told.value.next


def test_secrets_of_a_dotenv_are_looked_for_as_an_app_reads_them(project, monkeypatch):
    target = project("build: .")
    text = "DB_PASSWORD=\nexport API_TOKEN='swordfish1'  # old\nGREETING=hello-there\nKEY=short\n"
    (target.folder.path / ".env").write_text(text)
    monkeypatch.setattr("factorlab.audit.target.record_of", lambda image: Record())
    monkeypatch.setattr(Images, "build_folder", lambda *_, **__: Build("sha256:1", "x"))
    assert target.subject(Images(SimpleNamespace(session=None))).secrets == (
        target.folder.canary,
        "swordfish1",
    )

    (target.folder.path / ".env").write_text("API_TOKEN=sword$$fish\n")
    assert set(target.subject(Images(SimpleNamespace(session=None))).secrets[1:]) == {
        "sword$fish",
        "sword$$fish",
    }


@pytest.fixture
def docker_compose(tmp_path, monkeypatch):
    """A command that stands for `docker compose`: it prints what is given, and notes its words."""

    def stand_in(printed, status=0):
        program = tmp_path / "docker-compose.sh"
        program.write_text(
            f'#!/bin/sh\necho "$PWD $@" > {tmp_path}/called\n'
            f"cat <<'END'\n{json.dumps(printed)}\nEND\nexit {status}\n"
        )
        program.chmod(0o755)
        monkeypatch.setattr("factorlab.audit.compose.COMMAND", (str(program),))

    return stand_in


WHOLE = {
    "name": "shop",
    "services": {
        "web": {
            "build": {
                "context": "/elsewhere/web",
                "dockerfile": "Dockerfile",
                "args": {"PRICE": "5$$", "UNSET": None},
            },
            "command": ["serve", "--all"],
            "entrypoint": None,
            "environment": {"A": "1", "NOT_GIVEN": None},
            "ports": [{"mode": "ingress", "target": 9000, "published": "80", "protocol": "tcp"}],
            "healthcheck": {"test": ["CMD", "curl", "http://localhost/up"]},
        }
    },
}


def test_what_docker_compose_makes_of_a_file_is_taken(tmp_path, docker_compose, monkeypatch):
    monkeypatch.setenv("UNSET", "not in the file's project")
    (tmp_path / "compose.yaml").write_text("services: {web: {extends: {file: a.yaml, service: b}}}")
    docker_compose(WHOLE)
    service = compose.read_service(tmp_path / "compose.yaml", "")
    assert (service.name, str(service.context), service.args) == (
        "web",
        "/elsewhere/web",
        {"PRICE": "5$"},
    )
    assert (service.command, service.entrypoint) == (("serve", "--all"), False)
    assert (service.environment, service.ports) == ({"A": "1"}, (9000,))
    called = (tmp_path / "called").read_text()
    assert called.endswith(f" --file {tmp_path}/compose.yaml --profile * config --format json\n")


def test_with_a_folder_compose_looks_for_its_files_itself(tmp_path, docker_compose):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: shop}}")
    docker_compose(WHOLE)
    compose.read_service(tmp_path / "compose.yaml", "web", folder=True)
    assert (tmp_path / "called").read_text() == f"{tmp_path} --profile * config --format json\n"


@pytest.mark.parametrize(("printed", "status"), [(WHOLE, 1), (["no", "project"], 0), ({}, 0)])
def test_where_docker_compose_does_not_take_it_the_file_is_read_by_us(
    tmp_path, docker_compose, printed, status
):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: shop, env_file: none.env}}")
    docker_compose(printed, status)
    assert compose.read_service(tmp_path / "compose.yaml", "web").image == "shop"
