"""What a learner reads when something is wrong, and whose fault it is."""

import socket
import ssl
from types import SimpleNamespace

import pytest
import requests
from docker.errors import BuildError, DockerException, ImageNotFound
from fakes import refusal

from factorlab.engine.errors import explain, machine_fault, translated
from factorlab.errors import FactorLabError, NoAnswer, NotReady, NotStarted, Refused


def test_an_error_says_what_why_and_what_next():
    error = FactorLabError("It broke.", why="Line one\nline two\n", next="mend it.")
    assert str(error) == "It broke.\n  Line one\n  line two\nNext: mend it."
    assert (error.what, error.why, error.next) == ("It broke.", "Line one\nline two\n", "mend it.")
    assert error._render_traceback_() == str(error).splitlines()


def test_an_error_without_reason_or_advice_is_one_line():
    assert str(FactorLabError("It broke.")) == "It broke."


@pytest.mark.parametrize("kind", [NotReady, NotStarted, NoAnswer, Refused])
def test_all_errors_of_the_course_can_be_caught_as_one(kind):
    with pytest.raises(FactorLabError):
        raise kind("It broke.", next="mend it.")


def test_an_app_that_did_not_start_brings_its_log_and_status():
    error = NotStarted("It ended.", logs="KeyError: 'PORT'", exit_code=3)
    assert (error.logs, error.exit_code) == ("KeyError: 'PORT'", 3)


SIGNS = {
    "disk full": (
        refusal(500, "write /var/lib/docker/tmp/x: no space left on device"),
        "disk",
        "factorlab clean",
    ),
    "port taken": (
        refusal(500, "Bind for 127.0.0.1:8888 failed: port is already allocated"),
        "port",
        "free one is chosen",
    ),
    "port taken by a program": (
        refusal(500, "listen tcp4 127.0.0.1:8888: bind: address already in use"),
        "port",
        "stop the other program",
    ),
    "no network left": (
        refusal(
            500,
            "could not find an available, non-overlapping IPv4 address pool among the "
            "defaults to assign to the network",
        ),
        "networks",
        "factorlab clean",
    ),
    "image missing": (
        refusal(404, "No such image: factorlab/probe:1", ImageNotFound),
        "image",
        "factorlab images build",
    ),
    "no memory": (OSError(12, "Cannot allocate memory"), "memory", "close other programs"),
    "connection lost": (
        requests.ConnectionError("('Connection aborted.', RemoteDisconnected())"),
        "does not answer any more",
        "engine",
    ),
    "connection reset": (ConnectionResetError(104, "reset"), "does not answer any more", "engine"),
    "no answer in time": (requests.ReadTimeout("read timed out"), "does not answer any more", ""),
    "another refusal": (
        refusal(500, "something new"),
        "refused a request",
        "factorlab doctor",
    ),
    "connection ended by TLS": (ssl.SSLError(1, "bad record"), "does not answer any more", ""),
    "no way there": (OSError(113, "No route to host"), "does not answer any more", ""),
    "another error of the SDK": (DockerException("odd"), "could not be used", "factorlab doctor"),
    "a build of ours": (BuildError("odd", iter(())), "could not be built", "factorlab doctor"),
    "disk of this machine full": (
        OSError(28, "No space left on device", "/home/x"),
        "/home/x",
        "free some space",
    ),
    "too many files": (OSError(24, "Too many open files", "/x"), "files open", "factorlab clean"),
}


@pytest.mark.parametrize(("error", "what", "next"), SIGNS.values(), ids=SIGNS)
def test_trouble_of_the_machine_is_told_with_its_remedy(monkeypatch, error, what, next):
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")  # advice() speaks of it

    @translated
    def call():
        raise error

    with pytest.raises(NotReady) as raised:
        call()
    assert what in raised.value.what
    assert next in raised.value.next
    assert raised.value.next
    assert raised.value.why


def test_a_file_that_cannot_be_written_is_not_called_an_engine_that_does_not_answer(
    monkeypatch, tmp_path
):
    from factorlab.engine.images import bundle

    monkeypatch.setattr(bundle, "stale", list)
    monkeypatch.setattr(bundle, "export", lambda names: iter([b"x"]))
    with pytest.raises(FactorLabError) as error:
        bundle.save(tmp_path / "missing" / "x.tgz")
    assert not isinstance(error.value, NotReady)
    assert "missing/x.tgz.part could not be read or written." in error.value.what
    assert "No such file" in error.value.why
    assert "make lab" not in error.value.next and "path" in error.value.next


def test_a_bundle_that_cannot_be_opened_is_not_called_an_engine_that_does_not_answer(
    monkeypatch, tmp_path
):
    from factorlab.engine.images import bundle

    def load_image(pieces):
        try:
            return list(pieces) and []
        except OSError as error:  # as urllib3 and requests take what fails while they send
            raise requests.ConnectionError(error) from error

    api = SimpleNamespace(load_image=load_image)
    monkeypatch.setattr(bundle, "connect", lambda: SimpleNamespace(api=api))
    with pytest.raises(FactorLabError, match=r"gone\.tgz could not be read or written"):
        bundle.load(tmp_path / "gone.tgz")


def test_a_download_that_takes_too_long_is_not_called_an_engine_that_does_not_answer():
    from factorlab.engine.images import wheelhouse

    def wait(timeout):
        raise requests.ConnectionError("Read timed out.")

    slow = SimpleNamespace(
        wait=wait, reload=lambda: None, status="running", logs=lambda: b"Downloading numpy"
    )
    with pytest.raises(NotReady, match="not downloaded within 600 s") as error:
        wheelhouse._exit_code(slow)
    assert "numpy" in error.value.why and error.value.next


def test_our_own_mistakes_are_not_called_the_machines():
    @translated
    def call():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        call()


def test_an_ordinary_build_error_is_not_the_machines_fault():
    assert machine_fault("COPY failed: file not found in build context") is None


def test_a_message_of_the_engine_that_names_no_reason_is_kept():
    assert "something new" in explain(refusal(500, "something new")).why


def test_a_full_disk_while_building_is_not_the_learners_fault(monkeypatch):
    from docker.errors import BuildError

    from factorlab.engine.build import build
    from factorlab.engine.cleanup.labels import Session

    def full(*_, **__):
        raise BuildError("mkdir /var/lib/docker/x: no space left on device", iter(()))

    monkeypatch.setattr(build, "_built", full)
    with pytest.raises(NotReady, match="disk"):
        build.build(Session("test"), "answer", {"Dockerfile": b""}, policy=None)


FULL = "no space left on device"
RUNC = "OCI runtime create failed: unable to start container process: "


@pytest.mark.parametrize(
    "said",
    [
        f'{RUNC}exec: "{FULL}": executable file not found in $PATH',
        f"{RUNC}error during container init: mkdir /proc/{FULL}: no such file or directory",
        f"{RUNC}container init caused: mkdir /proc/{FULL}: no such file or directory",
        f"unable to find user {FULL}: no matching entries in passwd file",
        "No command specified",
    ],
)
def test_an_image_cannot_say_that_the_disk_is_full_when_it_does_not_start(said):
    error = explain(refusal(400, said))
    assert isinstance(error, NotStarted)
    assert said in error.logs and error.next
    assert not error.pending, "no machine, however fast, starts it"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f'COPY ["{FULL}", "."]', f"COPY failed: stat {FULL}: file does not exist"),
        (f"ENV A=space\nSTOPSIGNAL {FULL.replace('space', '$A')}", f"Invalid signal: {FULL}"),
    ],
)
@pytest.mark.parametrize(
    ("ours", "outcome"), [(None, NotStarted), (f"write /var/lib/docker/x: {FULL}", NotReady)]
)
def test_an_answer_cannot_choose_that_the_disk_is_full_while_building(
    monkeypatch, line, said, ours, outcome
):
    from docker.errors import BuildError

    from factorlab.engine.build import build
    from factorlab.engine.build.dockerfile import STRICT
    from factorlab.engine.cleanup.labels import Session

    def engine(context, tag, args, nocache):
        if tag.endswith(":latest"):
            raise BuildError(said, iter([{"error": said}]))
        if ours:
            raise BuildError(ours, iter(()))
        return "sha256:0123"

    monkeypatch.setattr(build, "_built", engine)
    files = {"Dockerfile": f"FROM factorlab/python:3.11\n{line}\n".encode()}
    with pytest.raises(outcome) as error:
        build.build(Session("test"), "answer", files, policy=STRICT)
    assert ours in error.value.why if ours else said in error.value.logs


@pytest.mark.parametrize(
    "said", ["No such image: sha256:0123", 'unable to find image "sha256:0123"']
)
def test_a_step_that_vanished_from_the_cache_is_built_again(monkeypatch, said):
    from factorlab.engine.build import build
    from factorlab.engine.cleanup.labels import Session

    calls = []

    def vanished(context, tag, args, nocache):
        calls.append(nocache)
        if not nocache:
            raise refusal(404, said)
        return "sha256:4567"

    monkeypatch.setattr(build, "_built", vanished)
    made = build.build(Session("test"), "answer", {"Dockerfile": b""}, policy=None)
    assert made.id == "sha256:4567"
    assert calls == [False, True]


def test_a_lab_that_could_not_be_made_does_not_spoil_the_next(monkeypatch):
    from factorlab.lab import lab, network

    def no_networks(*_, **__):
        raise NotReady("The engine has no networks left to give.")

    monkeypatch.setattr(lab.course_images, "missing", list)
    monkeypatch.setattr(lab, "watch", lambda: None)
    monkeypatch.setattr(network, "remove_session", lambda session: None)
    monkeypatch.setattr(network, "create_network", no_networks)
    for _ in range(2):
        with pytest.raises(NotReady, match="no networks left"):
            lab.Lab("01-config")


@pytest.fixture
def deaf():
    """An address where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_an_engine_that_never_answers_is_given_up_in_seconds(monkeypatch, deaf):
    from factorlab.engine import connection

    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{deaf}")
    monkeypatch.setattr(connection, "PING_SECONDS", 0.3)
    monkeypatch.setattr(connection, "_client", None)
    with pytest.raises(NotReady, match=r"no answer within 0\.3 s"):
        connection.connect()
