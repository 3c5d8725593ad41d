"""Lesson 13: each app fails for the reason that the lesson names, the good one passes the checks
of the factors before, and Docker restarts no container for being unhealthy."""

import pytest

from factorlab import Lab
from factorlab.lab import Call, Supervisor

pytestmark = [pytest.mark.engine, pytest.mark.part("h")]


@pytest.fixture(scope="module")
def lab():
    with Lab("13-health-checks") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"REDIS_URL": lab.redis("cache").url}


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def test_liveness_that_asks_redis_restarts_all(lab, env):
    found = verdict(lab, "outage-restarts-nothing", lab.run("bad", env=env))
    assert not found.passed
    assert found.finding.seen == "3 restarts while Redis is paused, 3 while it is stopped"


def test_readiness_that_asks_redis_takes_the_page_away(lab, env):
    app = lab.run("half", env=env)
    assert verdict(lab, "outage-restarts-nothing", app).passed
    found = verdict(lab, "outage-spares-other-pages", app)
    assert not found.passed
    assert found.finding.seen.startswith(
        "paused: page 0 of 9, cart 503 0 of 9, then the cart works"
    )


@pytest.mark.parametrize(
    "check",
    [
        "outage-restarts-nothing", "outage-spares-other-pages", "wedged-replica-serves-again",
        "missing-config-is-named", "settings-from-environment", "no-secret-in-image",
        "reachable-from-outside", "sigterm-reaches-the-app",
    ],
)  # fmt: skip
def test_the_good_app_passes(lab, env, check):
    found = verdict(lab, check, lab.run("good", env=env))
    assert found.passed, found.finding.seen


def test_a_slow_start_is_restarted_until_it_gets_time(lab, env):
    app = lab.run("slow", env={**env, "BOOT_SECONDS": "8"}, wait=False)
    watch = Supervisor(lab.router(name="slow-router"), [app], live="/live", ready="/ready")
    for _ in range(4):
        watch.round()
    assert (watch.restarts, watch.router.apps) == (1, [])
    watch = Supervisor(watch.router, [app], live="/live", ready="/ready", boot=300)
    while not watch.router.apps and not watch.restarts:
        watch.round()
    assert (watch.restarts, watch.router.apps) == (0, [app])


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


def test_docker_restarts_no_container_for_being_unhealthy(lab, env):
    app = lab.run("healthcheck", env=env)
    app.restart_policy("always")
    assert app.wait_health("healthy") == "healthy"
    app.load([Call("POST", "/report")], seconds=1)
    assert app.wait_health("unhealthy") == "unhealthy"
    assert (app.state.status, app.state.restarts) == ("running", 0)


def test_an_image_without_a_healthcheck_has_no_health(lab, env):
    assert lab.run("good", name="plain", env=env).wait_health("healthy") == ""
