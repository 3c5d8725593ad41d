"""Lesson 05: what its stored outputs do not show. (A stop with requests in flight of the bad app, the
good one and the one behind an init process, and what killed workers lose and repeat, stand there.)"""

import pytest

from factorlab import Lab
from factorlab.lab import kill_at_commit

pytestmark = [pytest.mark.engine, pytest.mark.part("ix")]


@pytest.fixture(scope="module")
def lab():
    with Lab("05-disposability") as lab:
        yield lab


def test_no_secret_is_in_the_good_image(lab):
    [found] = lab.ask("no-secret-in-image", lab.run("good")).verdicts
    assert found.passed, found.finding.seen


def test_a_job_whose_charge_is_committed_is_charged_once_though_it_was_popped(lab):
    bank, queue = lab.database("bank", schema=lab.contract.schema), lab.redis("queue")
    env = {"DATABASE_URL": bank.url, "REDIS_URL": queue.url}
    queue.command("RPUSH", "jobs", *(f"order-{n}" for n in range(5)))

    def start():
        return lab.run("pop", env=env, wait=False)

    for _ in range(2):
        assert kill_at_commit(start, bank, "charges", done=True)
    queue.command("RPUSH", "jobs", "the last")
    start()
    assert bank.wait("SELECT 1 FROM charges WHERE job = 'the last'", seconds=60)
    [[rows, jobs]] = bank.query("SELECT count(*), count(DISTINCT job) FROM charges")
    assert (6 - jobs, rows - jobs) == (0, 0)
