"""Lesson 03: the bad app's search loses names on PostgreSQL, the good one's finds them; tests that
are green on SQLite are red there; a Compose file comes up when it waits for readiness."""

import json

import pytest

from factorlab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.part("x")]

DEV = "sqlite:////tmp/shop.db"
DB = {"DB_PASSWORD": "melon-46"}


@pytest.fixture(scope="module")
def lab():
    with Lab("03-dev-prod-parity") as lab:
        yield lab


@pytest.fixture(scope="module")
def production(lab):
    return lab.postgres("production")


def verdict(lab, check, app):
    return lab.ask(check, app).verdicts[0]


def test_the_bad_app_loses_names_in_production_only(lab, production):
    bad = lab.run("bad", env={"DATABASE_URL": production.url})
    found = verdict(lab, "search-finds-every-case", bad)
    assert not found.passed
    assert found.finding.seen == "1 of 3 names found, and no other"
    dev = lab.run("bad", name="dev", env={"DATABASE_URL": DEV})
    for name in ("Alice", "alice"):
        dev.post("/customers", {"name": name})
    assert dev.get("/customers", params={"begins": "a"}).json() == ["Alice", "alice"]


@pytest.mark.parametrize(
    "check",
    [
        "search-finds-every-case", "database-from-environment", "missing-config-is-named",
        "settings-from-environment", "no-secret-in-image", "no-environment-names",
    ],
)  # fmt: skip
def test_the_good_app_passes(lab, production, check):
    found = verdict(lab, check, lab.run("good", env={"DATABASE_URL": production.url}))
    assert found.passed, found.finding.seen


def test_fifteen_tests_are_green_in_dev_and_red_in_production(lab, production):
    here, there = (
        json.loads(lab.once("tests", "python", "tests.py", env={"DATABASE_URL": url}).out)
        for url in (DEV, production.url)
    )
    assert set(here.values()) == {"works"}
    assert [list(there.values()).count(word) for word in ("works", "differs", "error")] == [
        3,
        4,
        11,
    ]


def test_four_writers_and_a_failed_row(lab, production):
    def out(script, url):
        return lab.once("tests", "python", script, env={"DATABASE_URL": url}).out

    assert "written: 20 - refused: 60 database is locked" in out("writers.py", DEV + "?timeout=0")
    assert "written: 80 - refused: 0" in out("writers.py", production.url)
    assert "rows: 2" in out("basket.py", DEV)
    assert "rows: 0" in out("basket.py", production.url)


def test_the_articles_file_ends_for_want_of_a_password(lab):
    stack = lab.compose("article").up()
    assert not stack.ready()
    assert "POSTGRES_PASSWORD" in stack.logs("db")
    stack.down()


@pytest.mark.parametrize(("variant", "comes_up"), [("hopes", False), ("ready", True)])
def test_who_waits_for_readiness_comes_up(lab, variant, comes_up):
    stack = lab.compose(variant, env=DB, held=True).up(seconds=5)
    if not comes_up:
        assert not stack.ready()
    stack.release()
    assert stack.ready() is comes_up
    stack.down()
