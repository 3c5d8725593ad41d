"""The supervisor of lesson 13 counts rounds: what it restarts and what it routes, without an engine."""

from types import SimpleNamespace

import pytest

from factorlab.errors import NoAnswer
from factorlab.lab import Supervisor


class FakeApp:
    """Answers on each path what it is told: True, False, or None for no answer."""

    def __init__(self, name, **answers):
        self.name, self.address, self.answers, self.did = name, f"10.0.0.{name}", answers, []
        self.state = SimpleNamespace(status="running")

    def get(self, path, seconds):
        self.did.append(path)
        answer = self.answers[path.strip("/")]
        if answer is None:
            raise NoAnswer("no answer")
        return SimpleNamespace(is_success=answer)

    def stop(self, grace):
        self.did.append("stop")

    def start(self, wait):
        self.did.append("start")


class FakeRouter:
    def __init__(self):
        self.lists = []

    def point_at(self, apps):
        self.lists.append([app.name for app in apps])


@pytest.fixture
def router():
    return FakeRouter()


def watch(router, *apps, **options):
    return Supervisor(router, apps, every=0, **{"live": "/live", "ready": "/ready", **options})


@pytest.mark.parametrize("answer", [False, None])
def test_the_third_miss_in_a_row_restarts(router, answer):
    app = FakeApp("1", live=True, ready=True)
    supervisor = watch(router, app)
    supervisor.round()
    app.answers["live"] = answer
    for restarts in (0, 0, 1, 1, 1, 2):
        supervisor.round()
        assert supervisor.restarts == restarts
    assert app.did.count("stop") == app.did.count("start") == 2


def test_an_answer_in_between_lets_the_count_begin_anew(router):
    app = FakeApp("1", live=True, ready=True)
    supervisor = watch(router, app)
    for answer in (False, False, True, False, False):
        app.answers["live"] = answer
        supervisor.round()
    assert supervisor.restarts == 0


def test_the_first_answer_has_its_own_patience_and_a_restart_gives_it_back(router):
    app = FakeApp("1", live=None, ready=None)
    supervisor = watch(router, app, boot=5)
    seen = []
    for answer in (None, None, None, None, True, None, None, None, None, None, None, None, None):
        app.answers["live"] = answer
        supervisor.round()
        seen.append(supervisor.restarts)
    assert seen == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2]


def test_the_router_gets_a_list_only_when_it_changes(router):
    one, two = FakeApp("1", live=True, ready=True), FakeApp("2", live=True, ready=True)
    supervisor = watch(router, one, two)
    for ready in (True, True, None, False, True):
        two.answers["ready"] = ready
        supervisor.round()
    assert router.lists == [["1", "2"], ["1"], ["1", "2"]]


def test_a_new_address_is_a_new_list(router):
    app = FakeApp("1", live=True, ready=True)
    supervisor = watch(router, app)
    supervisor.round()
    app.address = "10.0.0.9"
    supervisor.round()
    assert router.lists == [["1"], ["1"]]


def test_what_is_not_asked_is_not_acted_on(router):
    app = FakeApp("1")
    supervisor = watch(router, app, live="", ready="")
    supervisor.round()
    app.state.status = "exited"
    supervisor.round()
    assert router.lists == [["1"], []]
    assert app.did == []
