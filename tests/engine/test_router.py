"""Replicas behind a router: who answers, what a dead replica costs, and a list that is changed."""

import json

import pytest

from factorlab.errors import NoAnswer
from factorlab.lab import Lab, Request

pytestmark = pytest.mark.engine

VISIT = Request("POST", "/visitors")


@pytest.fixture(scope="module")
def lab():
    with Lab("00-start-here") as lab:
        yield lab


@pytest.fixture(scope="module")
def replicas(lab):
    return lab.run("hello", replicas=3)


@pytest.fixture(scope="module")
def router(lab, replicas):
    return lab.router(*replicas)


@pytest.fixture(autouse=True)
def all_three(router, replicas):
    """Each test begins with three replicas that run, and a list that holds them."""
    for app in replicas:
        if app.state.status != "running":
            app.start()
    router.point_at(replicas)


def names(apps):
    return {app.name for app in apps}


def test_requests_go_to_all_replicas_in_turn_and_each_says_its_name(router, replicas):
    load = router.load([VISIT] * 30, at_once=5)
    assert load.statuses() == {"200": 30}
    assert load.replicas() == {app.name: 10 for app in replicas}


def test_a_dead_replica_costs_its_share_of_requests_and_nothing_is_sent_twice(router, replicas):
    before = router.load([VISIT] * 30)
    replicas[0].kill()
    load = router.load([VISIT] * 30 + [Request("GET", "/")] * 30)
    assert load.count(200) == 40
    assert load.count(502) + load.count(504) == 20  # refused, or an address that nobody has
    answered = sum(reply.request == VISIT and reply.status == 200 for reply in load.replies)
    assert sum(visits(load, app) - visits(before, app) for app in replicas[1:]) == answered


def test_a_list_with_replicas_that_have_ended_is_loaded_and_each_costs_its_share(router, replicas):
    replicas[0].kill()
    replicas[1].kill()
    router.point_at(replicas)
    load = router.load([VISIT] * 9)
    assert load.statuses() == {"200": 3, "502": 6}
    assert load.replicas() == {app.name: 3 for app in replicas}


def visits(load, app):
    """The highest number of visitors that a replica counted."""
    counts = [
        json.loads(reply.text)["visitors"]
        for reply in load.replies
        if reply.request == VISIT and reply.replica == app.name and reply.status == 200
    ]
    return max(counts)


def test_a_new_list_holds_from_the_moment_it_is_set(router, replicas):
    for gone in (0, 1, 2) * 2:
        left = [app for n, app in enumerate(replicas) if n != gone]
        router.point_at(left)
        load = router.load([VISIT] * 20)
        assert load.statuses() == {"200": 20}
        assert set(load.replicas()) == names(left)


def test_a_request_under_way_is_brought_to_its_end_by_the_old_list(router, replicas):
    begun = router.begin("POST", "/visitors", {"name": "slow"})
    router.point_at(replicas[:1])
    assert begun.finish() == 200


def test_a_sticky_router_gives_the_same_cookie_to_the_same_replica(router, replicas):
    router.point_at(replicas, sticky="cookie")
    calls = [Request("GET", "/", headers={"cookie": f"user={n % 30}"}) for n in range(90)]
    load = router.load(calls)
    homes = {}
    for reply in load.replies:
        homes.setdefault(reply.request.headers["cookie"], set()).add(reply.replica)
    assert all(len(replicas) == 1 for replicas in homes.values())
    assert set().union(*homes.values()) == names(replicas)


def test_without_replicas_the_router_says_so(router):
    router.point_at([])
    answer = router.get("/")
    assert answer.status_code == 503
    assert "no replica" in answer.text


def test_a_load_counts_what_gets_no_response(lab, replicas):
    replicas[2].pause()
    load = replicas[2].load([Request("GET", "/")] * 3, seconds=0.5)
    replicas[2].unpause()
    assert load.statuses() == {"timed out": 3}
    assert load.count(200) == 0
    assert len(load) == 3


def test_a_cut_cable_and_a_mended_one(lab, replicas, router):
    cut = replicas[1]
    cut.disconnect()
    with pytest.raises(NoAnswer):
        cut.get("/", seconds=1)
    assert cut.state.status == "running"
    cut.reconnect()
    cut.wait_ready()
    router.point_at(replicas)
    assert router.load([VISIT] * 9).replicas() == {app.name: 3 for app in replicas}
