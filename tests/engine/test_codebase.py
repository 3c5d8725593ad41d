"""Lesson 07 stays what it is: copies lose a fix, and a revision names what runs."""

import pytest

from factorlab import Lab
from factorlab.errors import FactorLabError

pytestmark = [pytest.mark.engine, pytest.mark.part("i")]
CHECKS = ("dirty-build-is-marked", "unknown-is-not-a-revision")
"""Those that the lesson does not ask; the third, `revision-is-known`, stands in its stored outputs."""


@pytest.fixture(scope="module")
def lab():
    with Lab("07-codebase") as lab:
        yield lab


@pytest.fixture(scope="module")
def apps(lab):
    return {name: lab.run(name) for name in ("bad", "good")}


@pytest.mark.parametrize("check", CHECKS)
def test_the_bad_app_fails_by_what_it_says_and_the_good_app_passes(lab, apps, check):
    bad, good = lab.ask(check, apps["bad"], apps["good"]).verdicts
    assert str(bad.outcome) == "failed" and "1.4" in str(bad.finding.rows)
    assert good.passed, good.finding


def test_the_good_app_keeps_the_repository_out_of_its_image(lab, apps):
    [verdict] = lab.ask("repository-stays-out", apps["good"]).verdicts
    assert verdict.passed, verdict.finding


def test_a_revision_repeats_and_a_changed_tree_is_dirty(lab):
    first, second = lab.repository("one"), lab.repository("two")
    revisions = {repo.commit("The shop", {"app.py": "1\n"}) for repo in (first, second)}
    assert len(revisions) == 1
    first.write({"app.py": "2\n"})
    assert first.describe() == f"{revisions.pop()}-dirty"


def test_a_merge_joins_what_a_copy_loses(lab):
    repo = lab.repository()
    began = repo.commit("The shop", {"app.py": "a\n\n\nb\n"})
    repo.commit("Greeting", {"app.py": "A\n\n\nb\n"})
    repo.git("switch", "--quiet", "--create", "hot-fix", began)
    fix = repo.commit("Fix", {"app.py": "a\n\n\nB\n"})
    repo.git("switch", "--quiet", "main")
    assert not repo.is_ancestor(fix)
    repo.merge("hot-fix")
    assert repo.is_ancestor(fix)
    assert not repo.is_ancestor("1.4")
    assert repo.files() == {"app.py": b"A\n\n\nB\n"}
    assert ".git/HEAD" in repo.files(with_git=True)


def test_git_speaks_for_itself_when_it_refuses(lab):
    repo = lab.repository()
    with pytest.raises(FactorLabError) as told:
        repo.git("switch", "nowhere")
    assert "nowhere" in told.value.why
    repo.commit("The shop", {"app.py": "1\n"})
    with pytest.raises(FactorLabError) as told:
        repo.commit("Nothing new")
    assert "nothing to commit" in told.value.why
