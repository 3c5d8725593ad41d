"""Lesson 02: the bad app fails for the reason that the lesson names, the good one passes its own
check and those of the factor before, and a sticky router hides the fault until a replica ends."""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("vi")]


@pytest.fixture(scope="module")
def lab():
    with Lab("02-processes") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"REDIS_URL": lab.redis("cache").url}


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def test_sessions_in_memory_are_known_to_one_replica_in_three(lab, env):
    found = verdict(lab, "sessions-outlive-a-replica", lab.run("bad", env=env))
    assert not found.passed
    assert found.finding.seen == "30 of 90 before, 30 of 90 after"


@pytest.mark.parametrize(
    "check",
    [
        "sessions-outlive-a-replica", "logout-holds-everywhere", "forged-sessions-refused",
        "missing-config-is-named", "settings-from-environment", "no-secret-in-image",
    ],
)  # fmt: skip
def test_the_good_app_passes(lab, env, check):
    found = verdict(lab, check, lab.run("good", env=env))
    assert found.passed, found.finding.seen


def test_a_sticky_router_hides_the_fault_until_a_replica_ends(lab):
    apps = lab.run("bad", name="sticky", replicas=3)
    router = lab.router(*apps, name="sticky-router", sticky="set-cookie")
    users = lab.users(30)
    assert users.log_in(router) == 30
    assert users.valid(router) == 90
    apps[1].kill()
    router.point_at([apps[0], apps[2]], "set-cookie")
    assert users.valid(router) == 60


def test_a_signed_cookie_survives_its_logout(lab):
    app, users = lab.run("signed", env={"SECRET_KEY": "melon-46"}), lab.users(3)
    assert users.log_in(app) == 3
    assert users.log_out(app) == 3
    assert users.valid(app, each=1) == 3
