"""Lesson 08: what its stored outputs do not show: exact versions pass the week, hashes a changed file;
a withdrawn release. (What reaches which build, and the program that is missing on the slim base,
stand there.)"""

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError, NotStarted
from factorlab.factors.ii_dependencies import acme

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
    ("check", "variant", "seen"),
    [
        (
            "same-build-after-releases",
            "frozen",
            "2 of 2 packages in the same version, the same answer",
        ),
        ("changed-files-refused", "good", "2 of 2"),
    ],
)
def test_what_is_locked_stays_and_what_has_a_hash_is_not_exchanged(lab, check, variant, seen):
    found = verdict(lab, check, variant)
    assert found.finding.seen.startswith(seen)
    assert found.passed


def test_no_secret_is_in_the_image_of_the_good_app(lab):
    """The one question taught before that an app without variables can be asked."""
    found = verdict(lab, "no-secret-in-image", "good")
    assert found.passed, found.finding.seen


def test_a_withdrawn_release_is_for_those_who_ask_for_exactly_it(lab):
    index = lab.index()
    with index.as_on_the_first_day():
        index.yank("acme-tax", "1.0")
        lab.rebuild("frozen")
        with pytest.raises(NotStarted):
            lab.rebuild("bad")
        with pytest.raises(FactorLabError, match="no acme-tax 9"):
            index.yank("acme-tax", "9")
        index.publish("acme-tax", "1.1", acme.TAX.source)
    assert [row[:2] for row in index.show().rows] == [("acme-shop", "2.0.0"), ("acme-tax", "1.0")]


def test_a_learners_own_variant_may_install_where_there_is_an_index(lab):
    lab._save_variant("my-bad/requirements.txt from bad", "acme-shop==2.0.0\nacme-tax==1.0\n")
    assert lab.run("my-bad").post("/orders", ORDER).json() == {"total": 12.0}
