"""A handle on a container: what the engine answers, and what becomes of it."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from docker.errors import NotFound
from fakes import refusal

from factorlab.engine.container import container
from factorlab.engine.container.container import Container, State
from factorlab.errors import NotReady


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(container, "PAUSE_SECONDS", 0.5)
    monkeypatch.setattr(container, "PAUSE_POLL", 0.01)


class Stubborn:
    def __init__(self, said, times):
        self.said, self.left, self.tries = said, times, 0

    def pause(self):
        self.tries += 1
        if self.tries <= self.left:
            raise refusal(HTTPStatus.INTERNAL_SERVER_ERROR, self.said)


def test_pausing_is_tried_again_until_it_is_frozen():
    busy = Stubborn("OCI runtime pause failed: unable to freeze: unknown", 12)
    Container(busy).pause()
    assert busy.tries == 13


def test_one_that_never_freezes_is_an_error():
    with pytest.raises(NotReady, match="unable to freeze"):
        Container(Stubborn("unable to freeze", 10**9)).pause()


def test_another_refusal_of_a_pause_is_an_error_at_once():
    gone = Stubborn("no such container", 1)
    with pytest.raises(NotReady):
        Container(gone).pause()
    assert gone.tries == 1


def without_log(error):
    def logs(**options):
        raise error

    return Container(SimpleNamespace(logs=logs))


@pytest.mark.parametrize(
    "error", [refusal(HTTPStatus.NOT_FOUND, kind=NotFound), refusal(HTTPStatus.CONFLICT)], ids=repr
)
def test_the_log_of_one_that_is_gone_is_empty_and_no_fault_of_the_machine(error):
    assert without_log(error).logs(tail=5) == ""


def test_any_other_refusal_of_a_log_is_an_error():
    with pytest.raises(NotReady):
        without_log(refusal(HTTPStatus.INTERNAL_SERVER_ERROR)).logs()


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (
            {"Status": "running", "ExitCode": 0, "StartedAt": "2026", "Health": {"Status": "none"}},
            State("running", None, started_at="2026"),
        ),
        (
            {"Status": "running", "ExitCode": 0, "Health": {"Status": "starting"}},
            State("running", None, health="starting"),
        ),
        (
            {"Status": "exited", "ExitCode": 137, "OOMKilled": True, "Health": None},
            State("exited", 137, oom_killed=True),
        ),
        ({"Status": "created", "ExitCode": 0}, State("created", None)),
    ],
)
def test_a_state_is_read_out_of_the_engines_record(record, state):
    assert State.of({"State": record}) == state


def test_how_often_it_was_started_again_is_part_of_its_state():
    full = {"State": {"Status": "running", "ExitCode": 0}, "RestartCount": 3}
    assert State.of(full).restarts == 3


def with_top(table):
    def top(ps_args):
        if isinstance(table, Exception):
            raise table
        return {"Processes": table}

    return Container(SimpleNamespace(top=top))


def test_processes_and_users_come_from_the_engines_list():
    assert with_top([["1", "python", "app.py"], ["7", "sh"]]).processes() == [
        ("1", "python app.py"),
        ("7", "sh"),
    ]
    assert with_top([["1", "0"], ["7", "10001"]]).users() == ["0", "10001"]


@pytest.mark.parametrize("table", [None, refusal(HTTPStatus.CONFLICT)], ids=repr)
def test_where_nothing_runs_there_are_no_processes_and_no_users(table):
    assert with_top(table).processes() == [] and with_top(table).users() == []


def test_where_the_engine_lists_nothing_a_command_in_the_container_does(monkeypatch):
    listing = "  1 python app.py \n7 \n12 sh -c x\n"
    monkeypatch.setattr(container, "execute", lambda raw, command: (0, listing))
    podman = with_top(ValueError("no ps"))
    assert podman.processes() == [("1", "python app.py"), ("12", "sh -c x")]
    assert podman.users() == []


@pytest.fixture
def engine(monkeypatch):
    """The engine that a container is looked up on, with these answers."""

    def answers(**calls):
        api = SimpleNamespace(**calls)
        monkeypatch.setattr(container, "connect", lambda: SimpleNamespace(api=api))
        return Container(SimpleNamespace(id="c1", client=SimpleNamespace(api=api)))

    return answers


def test_cpu_seconds_are_the_engines_nanoseconds(engine):
    stats = {"cpu_stats": {"cpu_usage": {"total_usage": 2_500_000_000}}}
    assert engine(stats=lambda *_, **__: stats).cpu_seconds() == 2.5


def test_one_that_is_gone_has_used_no_cpu(engine):
    def gone(*_, **__):
        raise refusal(HTTPStatus.NOT_FOUND, kind=NotFound)

    assert engine(stats=gone).cpu_seconds() == 0


def test_changes_are_sorted_and_leave_out_the_places_of_mounts(engine):
    entries = [("/tmp", 0), ("/run/secrets", 1), ("/run", 0), ("/app/b", 2), ("/app/a", 1)]
    changed = engine(
        inspect_container=lambda _: {
            "Mounts": [{"Destination": "/run/secrets"}],
            "HostConfig": {"Tmpfs": {"/tmp": "size=32m"}},
        },
        diff=lambda _: [{"Path": path, "Kind": kind} for path, kind in entries],
    )
    assert changed.changes() == ["A /app/a", "D /app/b"]
