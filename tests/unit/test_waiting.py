"""The one loop that waits: when it stops, what it gives back, and who may give it more time."""

import pytest
from fakes import FakeClock

from factorlab import waiting
from factorlab.waiting import until


@pytest.fixture
def clock(monkeypatch):
    clock = FakeClock(now=100.0)
    monkeypatch.setattr(waiting, "time", clock)
    return clock


def test_what_is_there_at_the_first_look_costs_no_sleep(clock):
    assert until(lambda: ["row"], 0) == ["row"]
    assert clock.slept == 0


def test_it_returns_what_it_saw_as_soon_as_that_is_enough(clock):
    seen = iter([0, 1, 2, 3])
    assert until(lambda: next(seen), 60, enough=lambda count: count >= 2, every=0.5) == 2
    assert clock.now == 101


def test_when_the_time_is_over_it_returns_what_it_saw_last(clock):
    seen = iter(range(100))
    assert until(lambda: next(seen), 1, enough=lambda _: False, every=0.25) == 4
    assert clock.now == 101


def test_somebody_may_give_it_more_time(clock):
    calls = []

    def patient(waited, seconds):
        calls.append((waited, seconds))
        return waited < 4 * seconds

    assert until(lambda: "", 1, every=1, longer=patient) == ""
    assert calls == [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]


def test_what_it_looks_at_may_raise(clock):
    with pytest.raises(ZeroDivisionError):
        until(lambda: 1 / 0, 5)
