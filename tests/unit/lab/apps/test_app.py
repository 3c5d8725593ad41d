"""How long an app may take to answer: a start that is kept from the cores gets more, and no other."""

from types import SimpleNamespace

import pytest
from fakes import FakeClock, FakeProbe

from factorlab.lab.apps.app import App


@pytest.mark.parametrize(
    ("share", "overloaded", "seconds"),
    [
        (0.0, False, 21),
        (0.05, False, 21),
        (1.0, False, 21),
        (0.5, False, 42),
        (0.3, False, 69),
        (0.2, False, 81),
        (0.0, True, 81),
    ],
)
def test_a_start_has_twenty_seconds_of_a_core_or_of_waiting(
    monkeypatch, share, overloaded, seconds
):
    """`share` is the part of a core that it computes on; it is asked every three seconds."""
    clock = FakeClock()
    network = SimpleNamespace(probe=FakeProbe(overloaded=overloaded))
    app = App(network, "app", None, None, {}, "app", 8000, "/")
    monkeypatch.setattr(App, "cpu_seconds", property(lambda _: share * clock.now))
    while app.may_still_answer(clock.now):
        clock.sleep(3)
    assert clock.now == seconds
