"""The supervisor of lesson 13 counts rounds: what it restarts and what it routes, without an engine."""

import pytest
from fakes import FakeApp, FakeRouter

from factorlab.lab import Supervisor


@pytest.fixture
def router():
    return FakeRouter()


def replica(name, **answers):
    """An app that answers on these paths: True, False, or None for no answer."""
    paths = {f"/{path}": answer for path, answer in answers.items()}
    return FakeApp(name, address=f"10.0.0.{name}", answers=paths)


def watch(router, *apps, **options):
    return Supervisor(router, apps, every=0, **{"live": "/live", "ready": "/ready", **options})


@pytest.mark.parametrize("answer", [False, None])
def test_the_third_miss_in_a_row_restarts(router, answer):
    app = replica("1", live=True, ready=True)
    supervisor = watch(router, app)
    supervisor.round()
    app.answers["/live"] = answer
    for restarts in (0, 0, 1, 1, 1, 2):
        supervisor.round()
        assert supervisor.restarts == restarts
    assert app.orders.count("stop") == app.orders.count("start") == 2


def test_an_answer_in_between_lets_the_count_begin_anew(router):
    app = replica("1", live=True, ready=True)
    supervisor = watch(router, app)
    for answer in (False, False, True, False, False):
        app.answers["/live"] = answer
        supervisor.round()
    assert supervisor.restarts == 0


def test_the_first_answer_has_its_own_patience_and_a_restart_gives_it_back(router):
    app = replica("1", live=None, ready=None)
    supervisor = watch(router, app, boot=5)
    seen = []
    for answer in (None, None, None, None, True, None, None, None, None, None, None, None, None):
        app.answers["/live"] = answer
        supervisor.round()
        seen.append(supervisor.restarts)
    assert seen == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]


def test_the_router_gets_a_list_only_when_it_changes(router):
    one, two = replica("1", live=True, ready=True), replica("2", live=True, ready=True)
    supervisor = watch(router, one, two)
    for ready in (True, True, None, False, True):
        two.answers["/ready"] = ready
        supervisor.round()
    assert router.lists == [["1", "2"], ["1"], ["1", "2"]]


def test_a_new_address_is_a_new_list(router):
    app = replica("1", live=True, ready=True)
    supervisor = watch(router, app)
    supervisor.round()
    app.address = "10.0.0.9"
    supervisor.round()
    assert router.lists == [["1"], ["1"]]


def test_what_is_not_asked_is_not_acted_on(router):
    app = replica("1")
    supervisor = watch(router, app, live="", ready="")
    supervisor.round()
    app.end(0)
    supervisor.round()
    assert router.lists == [["1"], []]
    assert (app.orders, app.requests) == ([], [])
