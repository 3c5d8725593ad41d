"""Lesson 05: the bad app fails for the reason that the lesson names, the good one passes, an init
process in front of a shell is no cure, and the workers lose and repeat what the lesson says."""

import pytest

from factorlab import Lab
from factorlab.lab import kill_at_commit

pytestmark = [pytest.mark.engine, pytest.mark.part("ix")]

SURVIVE, BY_ITSELF = "requests-survive-a-stop", "stops-by-itself"


@pytest.fixture(scope="module")
def lab():
    with Lab("05-disposability") as lab:
        yield lab


@pytest.fixture(scope="module")
def apps(lab):
    return {variant: lab.run(variant) for variant in ("bad", "good", "init")}


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


@pytest.mark.parametrize(
    ("variant", "check", "passed", "seen"),
    [
        ("bad", SURVIVE, True, "20 of 20 requests answered"),
        ("bad", BY_ITSELF, False, "it got SIGKILL at the end of the grace period, exit code 137"),
        ("init", SURVIVE, False, "0 of 20 requests answered"),
        ("init", BY_ITSELF, True, "it ended by itself, exit code 143"),
        ("good", SURVIVE, True, "20 of 20 requests answered"),
        ("good", BY_ITSELF, True, "it ended by itself, exit code 0"),
    ],
)
def test_a_stop_with_requests_in_flight(lab, apps, variant, check, passed, seen):
    found = verdict(lab, check, apps[variant])
    assert (found.passed, found.finding.seen) == (passed, seen)


def test_no_secret_is_in_the_good_image(lab, apps):
    found = verdict(lab, "no-secret-in-image", apps["good"])
    assert found.passed, found.finding.seen


@pytest.mark.parametrize(
    ("variant", "done", "lost", "again"),
    [
        ("pop", False, 2, 0), ("move", False, 0, 0), ("once", False, 0, 0),
        ("pop", True, 0, 0), ("move", True, 0, 2), ("once", True, 0, 0),
    ],
)  # fmt: skip
def test_workers_that_are_killed_at_a_commit(lab, variant, done, lost, again):
    bank, queue = lab.database("bank", schema=lab.contract.schema), lab.redis("queue")
    env = {"DATABASE_URL": bank.url, "REDIS_URL": queue.url}
    queue.command("RPUSH", "jobs", *(f"order-{n}" for n in range(5)))

    def start():
        return lab.run(variant, env=env, wait=False)

    for _ in range(2):
        assert kill_at_commit(start, bank, "charges", done=done)
    queue.command("RPUSH", "jobs", "the last")
    start()
    assert bank.wait("SELECT 1 FROM charges WHERE job = 'the last'", seconds=60)
    [[rows, jobs]] = bank.query("SELECT count(*), count(DISTINCT job) FROM charges")
    assert (6 - jobs, rows - jobs) == (lost, again)
