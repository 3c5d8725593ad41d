"""Lesson 02: the good app passes the checks of its factor that the lesson does not ask, and those of the
factor before. (Sessions in memory, the sticky router and the signed cookie stand in the stored outputs.)"""

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


@pytest.fixture(scope="module")
def good(lab, env):
    return lab.run("good", env=env)


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    "check",
    [
        "logout-holds-everywhere",
        "forged-sessions-refused",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen
