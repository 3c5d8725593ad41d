"""What `factorlab grade` takes as asked, and what it tells GitHub. With real containers it is
tests/grading."""

from pathlib import Path

import pytest

from factorlab.cli.grade import chosen, from_here, on_the_page
from factorlab.course import starter
from factorlab.errors import FactorLabError
from factorlab.grading.batch import Graded
from factorlab.grading.catalogue import Catalogue
from factorlab.grading.collect import Submission
from factorlab.grading.formats.github import annotations
from factorlab.grading.gradebook import Gradebook
from factorlab.questions.spec import spec

COPY = {id: starter(id) for id in ("III-1", "III-2", "VI-1")}
"""What lies in a copy of the course before anything is done."""
CHANGED = {"app.py": "# mine\n"}


def ids(*answers, wanted=None):
    class_ = [Submission(f"learner {n}", one, ()) for n, one in enumerate(answers)]
    return [spec.id for spec in chosen(wanted, class_, Catalogue())]


def test_lessons_that_are_still_to_come_are_not_graded():
    assert ids({**COPY, "III-2": CHANGED}) == ["III-1", "III-2"]


def test_a_lesson_that_one_has_begun_is_graded_for_all():
    assert "VI-1" in ids(COPY, {**COPY, "VI-1": CHANGED})
    assert "III-1" not in ids(COPY, {**COPY, "VI-1": CHANGED})


def test_where_nobody_has_changed_anything_all_that_came_is_graded():
    assert {"III-1", "III-2", "VI-1"} <= set(ids(COPY))


def test_what_is_named_is_graded():
    assert ids({}, wanted="VI-1, III-2") == ["VI-1", "III-2"]


def test_no_answer_at_all_is_said():
    with pytest.raises(FactorLabError, match="holds an answer") as told:
        ids({})
    assert "--exercises" in told.value.next


def book(log=""):
    task = {
        "task": "survives-rotation",
        "outcome": "failed",
        "seen": "500\n::error::x",
        "next": "y",
    }
    origins = {"III-2": "01-config.ipynb"}
    one = Submission("class/mia", {}, ("other.ipynb", "01-config.ipynb"), (), (log,), origins)
    return Gradebook([Graded(one, {"III-2": [task]})], [spec("III-2")], complete=True)


def test_an_annotation_names_the_file_as_the_repository_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "01-config.ipynb").touch()
    told = annotations(book(), lambda name: from_here([Path("exercises")], name))
    assert "::error file=exercises/01-config.ipynb,title=III-2 " in told
    assert "\n::error::x" not in told


def test_the_page_of_a_run_holds_the_table_and_nothing_that_ends_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    on_the_page(book("```\n<script>"))
    text = (tmp_path / "page.md").read_text()
    assert "class/mia" in text and "this one counts" in text
    assert text.count("```") == 2


def test_elsewhere_there_is_no_such_page(monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    on_the_page(book())
