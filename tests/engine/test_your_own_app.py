"""Lesson 15: the app that passes the article's quick checks fails the five questions behind them,
each for the reason that the lesson names; the good one passes all that the audit can ask of it."""

import pytest

from factorlab import Lab
from factorlab.audit import audit

pytestmark = pytest.mark.engine
FIVE = {
    "database-swapped-by-url": "0 rows in the first, then 0 in the second",
    "nothing-kept-in-container": "10 of 10 writes listed before, 0 of 10 by the new one",
    "sessions-outlive-a-replica": "30 of 90 before, 30 of 90 after",
    "stops-by-itself": "it got SIGKILL at the end of the grace period, exit code 137",
    "requests-reach-stdout": "0 of 50 while it runs, 0 after SIGKILL",
}
NOT_IN_GIT = {"image-names-its-revision": "the rooms exist in this lesson only"}


@pytest.fixture(scope="module")
def lab():
    with Lab("15-your-own-app") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"DATABASE_URL": lab.postgres("rooms").url, "REDIS_URL": lab.redis("sessions").url}


def test_the_bad_app_fails_the_five_questions_behind_the_quick_checks(lab, env):
    card = audit(lab, lab.subject(lab.run("bad", env=env)), only=FIVE)
    assert {row.id: (str(row.result), row.seen) for row in card.rows} == {
        id: ("failed", seen) for id, seen in FIVE.items()
    }


def test_the_good_app_passes_all_that_is_asked(lab, env):
    card = audit(lab, lab.subject(lab.run("good", env=env)), skip=NOT_IN_GIT)
    assert card.green, card.table().to_text()
    assert set(FIVE) < {row.id for row in card.asked}
