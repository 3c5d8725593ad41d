"""Lesson 12: what changes the tables at boot changes them as often as there are replicas; a one-off
changes them once, in the database of the environment that it is given."""

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("xii")]
MIGRATE = ("python", "migrate.py")


@pytest.fixture(scope="module")
def lab():
    with Lab("12-admin-processes") as lab:
        yield lab


@pytest.fixture
def bank(lab):
    return lab.postgres("bank")


def verdict(lab, check, variant, env):
    return lab.ask(check, lab.run(variant, env=env)).verdicts[0]


def balance(db):
    return db.query("SELECT balance FROM accounts")[0][0]


def at_boot(lab, variant, db):
    with db.hold():
        apps = lab.run(variant, replicas=3, env={"DATABASE_URL": db.url}, wait=False)
        assert db.waiting(3) == 3
    return [app.comes_up() for app in apps].count(True)


@pytest.mark.parametrize(
    ("variant", "up", "cents"),
    [("bad", 3, 100_000_000), ("locked", 3, 10_000), ("if-not-exists", 1, 10_000),
     ("look-first", 1, 10_000)],
)  # fmt: skip
def test_what_three_replicas_make_of_one_migration(lab, bank, variant, up, cents):
    assert at_boot(lab, variant, bank) == up
    assert balance(bank) == cents


@pytest.mark.parametrize(
    ("variant", "seen"),
    [
        ("bad", "3 of 3 replicas start; different: accounts"),
        ("if-not-exists", "1 of 3 replicas start; all tables the same"),
        ("look-first", "1 of 3 replicas start; all tables the same"),
        ("locked", ""),
    ],
)
def test_the_check_tells_how_starts_side_by_side_end(lab, bank, variant, seen):
    found = verdict(lab, "starts-side-by-side", variant, {"DATABASE_URL": bank.url})
    assert found.passed == (not seen), found.finding.seen
    assert seen in found.finding.seen


@pytest.mark.parametrize(
    "check",
    [
        "starts-side-by-side", "database-from-environment", "missing-config-is-named",
        "settings-from-environment", "no-secret-in-image",
    ],
)  # fmt: skip
def test_the_good_app_passes(lab, bank, check):
    found = verdict(lab, check, "good", {"DATABASE_URL": bank.url})
    assert found.passed, found.finding.seen


def test_a_one_off_of_the_release_migrates_and_the_replicas_become_ready(lab, bank):
    app = lab.run("good", env={"DATABASE_URL": bank.url})
    assert app.get("/ready").status_code == 503
    job = app.once(*MIGRATE)
    assert (job.exit_code, job.out, job.err) == (0, "the tables are at version 2\n", "")
    assert job.image_id == app.image_id
    assert app.get("/ready").status_code == 200
    assert balance(bank) == 10_000


def test_two_one_offs_at_once_need_a_lock(lab, bank):
    for variant, cents in (("good", 1_000_000), ("locked", 10_000)):
        db = lab.postgres(f"twice-{variant}")
        env = {"DATABASE_URL": db.url}
        with db.hold():
            jobs = [lab.once(variant, *MIGRATE, env=env, wait=False) for _ in range(2)]
            assert db.waiting(2) == 2
        assert [job.wait() for job in jobs] == [0, 0]
        assert balance(db) == cents


def test_without_the_environment_it_migrates_none_or_the_wrong_one(lab, bank):
    staging = lab.postgres("staging")
    job = lab.once("good", *MIGRATE)
    assert job.exit_code == 1 and "DATABASE_URL" in job.err
    assert balance(staging) == 100
    assert lab.once("default", *MIGRATE).exit_code == 0
    assert (balance(staging), balance(bank)) == (10_000, 100)
