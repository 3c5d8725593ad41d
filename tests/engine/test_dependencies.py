"""Lesson 08: the bad app changes with the index, exact versions keep out releases and not a changed
file, hashes keep out both; on a base without it, a program is missing that nobody declared."""

import gzip

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError, NotStarted
from factorlab.lab import acme

pytestmark = [pytest.mark.engine, pytest.mark.part("ii")]

ORDER = {"amount": 10}


@pytest.fixture(scope="module")
def lab():
    with Lab("08-dependencies") as lab:
        lab.index(acme.MONDAY)
        yield lab


def verdict(lab, check, variant):
    return lab.ask(check, lab.run(variant)).verdicts[0]


@pytest.mark.parametrize(
    ("variant", "week", "changed"),
    [
        ("bad", "1 of 2 packages in the same version", "0 of 2 changed files refused"),
        ("frozen", "2 of 2 packages in the same version, the same answer", "0 of 2"),
        ("good", "2 of 2 packages in the same version, the same answer", "2 of 2"),
    ],
)
def test_what_is_locked_stays_and_what_has_a_hash_is_not_exchanged(lab, variant, week, changed):
    found = verdict(lab, "same-build-after-releases", variant)
    assert found.finding.seen.startswith(week)
    assert found.passed == (variant != "bad")
    found = verdict(lab, "changed-files-refused", variant)
    assert found.finding.seen.startswith(changed)
    assert found.passed == (variant == "good")


def test_no_secret_is_in_the_image_of_the_good_app(lab):
    """The one question taught before that an app without variables can be asked."""
    found = verdict(lab, "no-secret-in-image", "good")
    assert found.passed, found.finding.seen


def test_releases_and_a_changed_file_reach_the_builds_that_let_them(lab):
    index = lab.index()
    with index.as_on_the_first_day():
        index.publish("acme-tax", "1.1", "def tax(amount, country):\n    return 0\n")
        lab.rebuild("bad")
        assert lab.run("bad").post("/orders", ORDER).status_code == 500
        index.publish("acme-tax", "1.2", acme.TAX.source)
        lab.rebuild("bad", cached=True)
        assert lab.run("bad").post("/orders", ORDER).status_code == 500
        lab.rebuild("bad")
        assert lab.run("bad").post("/orders", ORDER).json() == {"total": 12.0}
        index.publish("acme-tax", "1.0", "def tax(amount):\n    return -amount\n")
        lab.rebuild("frozen")
        assert lab.run("frozen").post("/orders", ORDER).json() == {"total": 0.0}
        with pytest.raises(NotStarted) as refused:
            lab.rebuild("good")
        assert "DO NOT MATCH THE HASHES" in refused.value.logs
    assert [row[:2] for row in index.show().rows] == [("acme-shop", "2.0.0"), ("acme-tax", "1.0")]


def test_a_withdrawn_release_is_for_those_who_ask_for_exactly_it(lab):
    index = lab.index()
    with index.as_on_the_first_day():
        index.yank("acme-tax", "1.0")
        lab.rebuild("frozen")
        with pytest.raises(NotStarted):
            lab.rebuild("bad")
        with pytest.raises(FactorLabError, match="no acme-tax 9"):
            index.yank("acme-tax", "9")


def test_a_program_that_nobody_declared_is_missing_on_the_slim_base(lab):
    seen = {v: lab.run(v).get("/orders.gz") for v in ("ghost", "slim", "declared")}
    assert {v: r.status_code for v, r in seen.items()} == {
        "ghost": 200, "slim": 500, "declared": 200
    }  # fmt: skip
    assert gzip.decompress(seen["declared"].content) == b"tea\nmilk\n"


def test_two_lines_are_no_lock(lab):
    with lab.index().watched() as taken:
        lab.rebuild("article")
    assert len(lab.source("article", "requirements.txt").splitlines()) == 2
    assert len(set(taken)) > 8


def test_a_learners_own_variant_may_install_where_there_is_an_index(lab):
    lab._save_variant("my-bad/requirements.txt from bad", "acme-shop==2.0.0\nacme-tax==1.0\n")
    assert lab.run("my-bad").post("/orders", ORDER).json() == {"total": 12.0}
