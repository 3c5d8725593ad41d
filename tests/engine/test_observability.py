"""Lesson 14: the good app passes the checks of the factors before. (Traces of the bad and the good app,
the batch that is killed, what workers count and a series for each user stand in the stored outputs.)"""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("o")]


@pytest.fixture(scope="module")
def lab():
    with Lab("14-observability") as lab:
        yield lab


@pytest.fixture(scope="module")
def good(lab):
    return lab.run("good", env={"PRICES_URL": "http://prices:8000"})


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    "check",
    ["missing-config-is-named", "no-secret-in-image", "reachable-from-outside"],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen
