"""nbval over the course: lessons match their stored outputs, solutions pass, exercises as they
come fail at their check cells, as untouched, and nowhere else."""

import json

import pytest
from validate import validate

from factorlab import course

LESSONS = list(course.lessons())
WITH_EXERCISES = [lesson for lesson in LESSONS if lesson.exercises]
TAGS = {"nbval-ignore-output", "solution"}


def named(lesson):
    return lesson.name


def code_cells(path):
    notebook = json.loads(path.read_text())
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.engine
@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_a_lesson_says_what_happens_today(lesson):
    cells = validate(lesson.notebook)
    assert {cell.id: cell.message for cell in cells if cell.outcome != "passed"} == {}
    assert len(cells) == len(code_cells(lesson.notebook))


@pytest.mark.parametrize("lesson", LESSONS, ids=named)
def test_every_code_cell_of_a_lesson_was_run_before_it_was_stored(lesson):
    assert all(cell["execution_count"] for cell in code_cells(lesson.notebook))


@pytest.mark.part("unit")
@pytest.mark.parametrize("tree", ["notebooks", "solutions", "exercises"])
def test_no_tag_makes_nbval_look_away(tree):
    for path in (course.root() / tree).glob("*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            assert set(cell["metadata"].get("tags", [])) <= TAGS


@pytest.mark.engine
@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=named)
def test_the_solutions_pass(lesson):
    cells = validate(lesson.solution_notebook, compare=False)
    assert {cell.id: cell.message for cell in cells if cell.outcome != "passed"} == {}


@pytest.mark.engine
@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=named)
def test_an_untouched_exercise_fails_at_its_checks_for_that_reason(lesson):
    checks = {
        c["id"] for c in code_cells(lesson.exercise_notebook) if ".check(" in "".join(c["source"])
    }
    cells = validate(lesson.exercise_notebook, compare=False)
    failed = {cell.id: cell.message for cell in cells if cell.outcome != "passed"}
    assert set(failed) == checks
    assert all("untouched" in message for message in failed.values())
