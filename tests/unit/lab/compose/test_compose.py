"""A Compose file is read as Compose reads it; whatever a lab does not run is refused, with its line."""

import textwrap

import pytest

from factorlab.errors import FactorLabError, Refused
from factorlab.lab.compose.interpolate import read_dotenv
from factorlab.lab.compose.lab_rules import read_compose


def read(text, dotenv="", **variables):
    files = {"compose.yaml": textwrap.dedent(text).encode(), ".env": dotenv.encode()}
    return read_compose(files, variables)


def app(text, **variables):
    return read(f"services: {{app: {{build: ., {text}}}}}", **variables).services["app"]


def test_the_articles_file():
    found = read("""
        services:
          db:
            image: postgres:15  # Same version as prod
          app:
            build: .
            environment:
              - DATABASE_URL=postgres://db/app
    """).services
    assert found["db"].kind == "postgres"
    assert found["app"].env == {"DATABASE_URL": "postgres://db/app"}
    assert found["app"].image == ""


@pytest.mark.parametrize(
    ("written", "command"),
    [
        ("command: python -m 'my app'", ["python", "-m", "my app"]),
        ('command: ["sh", "-c", "echo $$HOME"]', ["sh", "-c", "echo $HOME"]),
        ("command: 'echo ${WORD:-tea} ${NONE}'", ["echo", "tea"]),
        ("command: echo $WORD", ["echo"]),
    ],
)
def test_commands_and_variables(written, command):
    assert app(written).command == command


def test_what_the_shell_sets_goes_before_the_file_env():
    text = "services: {app: {build: ., environment: {A: '${A}', B: '${B}', C: }}}"
    found = read(text, "A=1\nB='2' # two\nC=3\n", A="shell").services["app"]
    assert found.env == {"A": "shell", "B": "2", "C": "3"}


def test_a_variable_that_nobody_set_is_told():
    assert read("services: {app: {build: ., command: 'x $NIX'}}").unset == ["NIX"]


def test_a_health_check():
    found = app("healthcheck: {test: pg_isready -U $$ME, interval: 1m30s, timeout: 500ms}")
    health = found.upkeep.health
    assert health.test == ["CMD-SHELL", "pg_isready -U $ME"]
    assert (health.interval, health.timeout, health.retries) == (90, 0.5, 3)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("no", ("no", 0)), ("on-failure:3", ("on-failure", 3)), ("always", ("always", 0))],
)
def test_a_restart_policy(policy, expected):
    upkeep = app(f"restart: {policy}").upkeep
    assert (upkeep.restart, upkeep.times) == expected


REFUSED = {
    "privileged: true": "services.app.privileged",
    "volumes: ['/:/host']": "services.app.volumes",
    "ports: ['80:80']": "services.app.ports",
    "network_mode: host": "services.app.network_mode",
    "cap_add: [ALL]": "services.app.cap_add",
    "extends: {file: /etc/passwd}": "services.app.extends",
    "env_file: /etc/passwd": "services.app.env_file",
    "restart: sometimes": "services.app.restart",
    "restart: 'on-failure:²'": "no number of restarts",
    f"restart: 'on-failure:{'9' * 25}'": "no number of restarts",
    f"restart: 'on-failure:{'9' * 5000}'": "no number of restarts",
    "depends_on: [db]": "there is no service db",
    "depends_on: [app]": "in a circle",
    "healthcheck: {interval: 5s}": "it has no command",
    "healthcheck: {test: x, interval: 5}": "that is no duration",
    "healthcheck: {test: x, interval: 1ms}": "out of bounds",
    "healthcheck: {test: x, retries: ²}": "no number of tries",
    f"healthcheck: {{test: x, retries: {'9' * 5000}}}": "no number of tries",
    "healthcheck: {test: x, retries: true}": "no number of tries",
    "environment: {A: true}": "a truth value is no text",
    "environment: ['A B=1']": "not the name of a variable",
    "command: 'a ${'": "is no variable",
    f"command: '{'${A:-' * 1000}{'}' * 1000}'": "nested too deeply",
    "command: '${NEEDED:?please}'": "the variable NEEDED is required: please",
    'command: "a \'b"': "it is no command",
    "image: [1": "cannot be read",
}


@pytest.mark.parametrize("text", REFUSED, ids=[text[:40] for text in REFUSED])
def test_what_is_refused_in_a_service(text):
    with pytest.raises(Refused) as error:
        app(text)
    assert REFUSED[text] in str(error.value)
    assert "line 1" in str(error.value).lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services: 5",
        "services: {}",
        "[1]",
        "include: x",
        "services: {App: {build: .}}",
        "services: {app: {build: ..}}",
        "services: {app: {build: {context: /}}}",
        "services: {app: {image: mysql}}",
        "services: {app: {image: evil/postgres:15}}",
        "services: {app: {}}",
        "services: {probe: {build: .}}",
        "a: &x 1\nb: *x",
        "a: !!python/object:os.system 1",
        "a: !!int x",
        r'"\ud800": 1',
        "[" * 5000,
        "services: {app: {build: .}}" + " " * 60_000,
        "services: {app: {build: .}, app: {build: .}}",
        "services: {db: {image: 'postgres:15', entrypoint: sh}}",
        "services: {db: {image: 'postgres:15', command: sh}}",
        "services: {a: {build: ., depends_on: {b: {condition: service_healthy}}}, b: {build: .}}",
    ],
)
def test_what_is_refused_of_a_file(text):
    with pytest.raises(Refused) as error:
        read(text)
    assert error.value.next
    assert str(error.value).encode(), "a terminal can show it"


def test_which_names_of_images_are_fixed_and_which_are_here():
    def one(image):
        return read(f"services: {{db: {{image: '{image}'}}}}").services["db"]

    digest = "@sha256:" + "0" * 64
    fixed = ["postgres:15.20", "redis:7.0.15", "postgres:15" + digest, "postgres:15.20-bookworm"]
    moving = ["postgres:15", "redis:7", "redis:7.0", "postgres", "postgres:latest"]
    assert [name for name in fixed + moving if one(name).fixed] == fixed
    assert one("postgres:15.20").ours() == "factorlab/postgres:15"
    for name in ("postgres:latest", "postgres", "postgres:16.1", "postgres:150", "redis:6.2.1"):
        with pytest.raises(FactorLabError, match="does not have the image"):
            one(name).ours()


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (r'A="x\ny"', "x\ny"),
        (r'A="say \"hi\" now"', 'say "hi" now'),
        ('A="two\nlines"', "two\nlines"),
        ("A='a # b'", "a # b"),
        ("A=a#b", "a#b"),
        ("export A=a #b", "a"),
        ('A="a" # c', "a"),
        ("A=1\r\n", "1"),
        ("B=1\nA=${B}-$C", "1-out"),
        ("A=${D:-other}", "other"),
        ("A='$C'", "$C"),
        ("A=a$$b", "a$b"),
        ("A=a$", "a$"),
        ("A=", ""),
        ("A", None),
        ('A="never closed', None),
    ],
)
def test_a_dotenv_is_read_as_compose_reads_it(line, value):
    assert read_dotenv(line, {"C": "out"}).get("A") == value


def test_a_dotenv_gets_nothing_of_this_machine_and_does_not_swell(monkeypatch):
    monkeypatch.setenv("TOKEN_OF_THE_HOST", "secret")
    assert read_dotenv("A=$TOKEN_OF_THE_HOST") == {"A": ""}
    laughs = "A0=ha\n" + "".join(f"A{n + 1}=$A{n}$A{n}\n" for n in range(60))
    assert sum(map(len, read_dotenv(laughs).values())) < 10_000_000
    deep = "A=" + "${B:-" * 5000 + "}" * 5000
    assert read_dotenv(deep)["A"].startswith("${B")
