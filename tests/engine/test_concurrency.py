"""Lesson 11: what its stored outputs do not show: a crowd silences threads too, and a database gives no
more connections than it has. (`light-while-heavy` of bad, good and threads, the daemon and the cores
that four threads use stand there.)"""

import pytest

from factorlab import Lab
from factorlab.lab import busy

pytestmark = [pytest.mark.engine, pytest.mark.part("viii")]


@pytest.fixture(scope="module")
def lab():
    with Lab("11-concurrency") as lab:
        yield lab


@pytest.fixture(scope="module")
def env(lab):
    return {"REDIS_URL": lab.redis("queue").url}


def verdict(lab, check, variant, env):
    app = lab.run(variant, env=env)
    try:
        return lab.ask(check, app).verdicts[0]
    finally:
        app.remove()


@pytest.mark.parametrize(
    ("check", "variant"),
    [
        ("light-in-a-crowd", "bad"),
        ("light-in-a-crowd", "threads"),
    ],
)
def test_nobody_is_answered_while_it_computes(lab, env, check, variant):
    found = verdict(lab, check, variant, env)
    assert not found.passed
    assert found.finding.seen.startswith("0 of 10 answered")


@pytest.mark.parametrize(
    "check",
    [
        "light-in-a-crowd",
        "every-report-is-done",
        "missing-config-is-named",
        "settings-from-environment",
        "no-secret-in-image",
    ],
)
def test_the_good_app_passes(lab, env, check):
    found = verdict(lab, check, "good", env)
    assert found.passed, found.finding.seen


def test_a_command_of_its_own_and_its_cpu_seconds(lab, env):
    spin = lab.run("cores", command="python -c 'while True: pass'", cpus=0.5, wait=False)
    assert spin.inspect()["HostConfig"]["NanoCpus"] == 500_000_000
    assert busy(spin)
    spin.kill()
    assert spin.cpu_seconds == 0
    sleeps = lab.run("cores", command="sleep 60", wait=False)
    assert not busy(sleeps, seconds=1)


def test_a_database_allows_so_many_connections(lab):
    database = lab.postgres("db")
    database.allow(7)
    env = {"DATABASE_URL": database.url, "POOL_SIZE": "5"}
    for open_ in (5, 7):
        app = lab.run("connect", env=env, wait=False)
        assert app.follow().count(["open:"], seconds=60) == 1
        assert database.connected() == open_
