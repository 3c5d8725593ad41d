"""Who has come to a forced race: told from the database's side, with a clock that a test moves."""

import pytest
from fakes import FakeApp, FakeClock

from factorlab.questions import races


class Database:
    """Answers with who is connected and who waits, moment by moment; the last moment stays."""

    def __init__(self, *moments):
        self.moments = list(moments)

    def clients(self):
        return self.moments[0][0]

    def waiters(self):
        _, waiting = self.moments[0]
        if len(self.moments) > 1:
            self.moments.pop(0)
        return set(waiting)


def process(address):
    return FakeApp(address=address)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = FakeClock(step=1)
    monkeypatch.setattr(races, "time", clock)
    return clock


def test_all_have_come_when_all_wait(clock):
    database = Database((["a"], []), (["a", "b"], ["a"]), (["a", "b"], ["a", "b"]))
    assert races.settled(None, database, process("a"), process("b"))
    assert clock.now == 3


def test_one_that_is_only_connected_is_given_time_from_its_own_first_connection(clock):
    late = [([], [])] * 20 + [(["a"], [])]
    assert races.settled(None, Database(*late), process("a"))
    assert clock.now > 20 + races.POLLER_SECONDS


def test_one_that_never_comes_makes_it_false(clock):
    assert not races.settled(None, Database((["a"], ["a"])), process("a"), process("b"))
    assert clock.now >= races.SETTLED_SECONDS


def test_one_that_has_ended_has_come():
    ended = process("a")
    ended.end(1)
    assert races.settled(None, Database(([], [])), ended)
