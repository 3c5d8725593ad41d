"""`factorlab audit` of a Compose project whose image takes all that Compose can say of a build."""

import json
import subprocess
import sys

import pytest

from factorlab.engine.connection import connect

pytestmark = pytest.mark.engine

COMPOSE = """\
services:
  web:
    build:
      context: ./app
      dockerfile: ../web.Dockerfile
      target: web
      labels:
        org.opencontainers.image.revision: ${REVISION}
    command: sh -c 'exec python -m http.server "$$PORT"'
"""
DOCKERFILE = """\
FROM factorlab/python:3.11 AS base
WORKDIR /srv
LABEL stage.of={mark}
RUN echo "a file \\
FROM another stage" > /tmp/made.txt
FROM base AS web
LABEL stage.of={mark}
COPY --from=base /tmp/made.txt .
COPY . .
ENTRYPOINT []
CMD []
FROM base AS last
CMD ["false"]
"""
CONTRACT = '[optional]\nPORT = "port"\n'


@pytest.fixture
def project(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "index.html").write_text("hello")
    (tmp_path / "app" / "factorlab.toml").write_text(CONTRACT)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "web.Dockerfile").write_text(DOCKERFILE.format(mark=tmp_path.name))
    (tmp_path / ".env").write_text("REVISION=0123456789abcdef0123456789abcdef01234567\n")
    return tmp_path


def asked(folder, *words):
    command = [sys.executable, "-m", "factorlab", "audit", str(folder), "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    return {one["id"]: one for one in json.loads(done.stdout)["questions"]}


def test_the_stage_the_command_and_the_labels_of_a_service_are_those_that_are_asked(project):
    found = asked(project, "--service", "web", "--only", "I,II,VII")
    assert {id: one["result"] for id, one in found.items()} == {
        "image-names-its-revision": "passed",
        "two-builds-alike": "passed",
        "reachable-from-outside": "passed",
        "honors-port": "passed",
    }, found


def test_a_build_in_stages_leaves_nothing(project):
    asked(project, "--service", "web", "--only", "S")
    mark = {"label": f"stage.of={project.name}"}
    assert [image.id for image in connect().images.list(all=True, filters=mark)] == []


def test_an_image_without_a_command_is_told_how_to_name_it(project):
    compose = project / "compose.yaml"
    compose.write_text(compose.read_text().partition("    command:")[0])
    row = asked(project, "--service", "web", "--only", "VII")["reachable-from-outside"]
    assert row["result"] == "failed"
    assert "names no command" in row["seen"]
    assert "[processes]" in row["next"]
