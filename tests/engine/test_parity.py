"""Lesson 03: the good app passes what was taught before. (The search, the tests that are green on SQLite
only, the writers, the failed row and the three Compose files stand in the stored outputs.)"""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("x")]


@pytest.fixture(scope="module")
def lab():
    with Lab("03-dev-prod-parity") as lab:
        yield lab


@pytest.fixture(scope="module")
def good(lab):
    return lab.run("good", env={"DATABASE_URL": lab.postgres("production").url})


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    "check",
    [
        "database-from-environment",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
        "no-environment-names",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen
