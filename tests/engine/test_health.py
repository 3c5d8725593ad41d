"""Lesson 13: what its stored outputs do not show; the good app passes the checks of the factors before.
(The page of `half` in an outage, the slow start, and that Docker restarts nothing that is unhealthy,
stand there.)"""

import pytest

from factorlab import Lab
from factorlab.lab import Supervisor

pytestmark = [pytest.mark.engine, pytest.mark.part("h")]


@pytest.fixture(scope="module")
def lab():
    with Lab("13-health-checks") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"REDIS_URL": lab.redis("cache").url}


@pytest.fixture(scope="module")
def good(lab, env):
    return lab.run("good", env=env)


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def test_liveness_that_asks_redis_restarts_all(lab, env):
    found = verdict(lab, "outage-restarts-nothing", lab.run("bad", env=env))
    assert not found.passed
    assert found.finding.seen == "3 restarts while Redis is paused, 3 while it is stopped"


@pytest.mark.parametrize(
    "check",
    [
        "outage-restarts-nothing",
        "wedged-replica-serves-again",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
        "reachable-from-outside",
        "sigterm-reaches-the-app",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen


def test_a_replica_that_has_ended_leaves_the_router_and_is_started_again(lab, env):
    apps = lab.run("good", name="ends", replicas=2, env=env)
    watch = Supervisor(lab.router(*apps, name="ends-router"), apps, live="/live", boot=300)
    watch.round()
    apps[0].kill()
    watch.round()
    assert watch.router.apps == [apps[1]]
    while watch.restarts == 0:
        watch.round()
    assert watch.restarts == 1
    assert apps[0].state.status == "running"


def test_an_image_without_a_healthcheck_has_no_health(good):
    assert good.wait_health("healthy") == ""
