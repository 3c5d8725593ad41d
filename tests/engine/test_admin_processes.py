"""Lesson 12: what its stored outputs do not show. (What three replicas make of one migration, one-offs,
and the bad and the good app under `starts-side-by-side` stand there, and are compared at each run.)"""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("xii")]


@pytest.fixture(scope="module")
def lab():
    with Lab("12-admin-processes") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"DATABASE_URL": lab.postgres("bank").url}


@pytest.fixture(scope="module")
def good(lab, env):
    return lab.run("good", env=env)


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    ("variant", "seen"),
    [
        ("if-not-exists", "1 of 3 replicas start; all tables the same"),
        ("locked", ""),
    ],
)
def test_the_check_tells_how_starts_side_by_side_end(lab, env, variant, seen):
    found = verdict(lab, "starts-side-by-side", lab.run(variant, env=env))
    assert found.passed == (not seen), found.finding.seen
    assert seen in found.finding.seen


@pytest.mark.parametrize(
    "check",
    [
        "database-from-environment",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen
