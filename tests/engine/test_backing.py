"""Lesson 04: `host` knows two parts of its database's URL, `patient` no time-outs; each fails for the
reason that the lesson names. The good app passes what the lesson does not ask it. (That the bad one
cannot be swapped and `embedded` has one database for each replica stands in the stored outputs.)"""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("iv")]

SWAPS = ("cache-swapped-by-url", "mail-swapped-by-url")
OUTAGE = ("page-without-it-stays-quick", "outage-answered-503", "recovers-after-outage")


@pytest.fixture(scope="module")
def lab():
    with Lab("04-backing-services") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    old, cache, mail = lab.postgres("old"), lab.redis("cache"), lab.mailbox("mail")
    return {"DATABASE_URL": old.url, "REDIS_URL": cache.url, "SMTP_URL": mail.url}


@pytest.fixture(scope="module")
def good(lab, env):
    return lab.run("good", env=env)


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    "check",
    [
        *SWAPS,
        "both-schemes-taken",
        *OUTAGE,
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
    ],
)
def test_the_good_app_passes(lab, good, check):
    found = verdict(lab, check, good)
    assert found.passed, found.finding.seen


def test_a_database_whose_port_and_user_the_code_knows_cannot_be_swapped(lab, env):
    found = verdict(lab, "database-swapped-by-url", lab.run("host", env=env))
    assert not found.passed
    assert found.finding.seen == "5 rows in the first, then 0 in the second"


def test_without_time_outs_a_pause_is_answered_by_silence(lab, env):
    found = verdict(lab, "outage-answered-503", lab.run("patient", env=env))
    assert found.outcome == "failed", found.finding.seen
    assert found.finding.seen == "0 of 11 visits answered 503 in time"
