"""nbval over the course: lessons match their stored outputs, solutions pass, exercises as they
come fail at their check cells, as untouched, and nowhere else. (Sheets run without nbval.)"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
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


def failures(notebook, fresh):
    """What each cell of a sheet raised that failed, run in a process of its own (`sheet.py`)."""
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name("sheet.py"), notebook],
        env={**os.environ, "FACTORLAB_WORK": str(fresh), "IPYTHONDIR": str(fresh / "ipython")},
        cwd=notebook.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=named)
def test_an_untouched_exercise_fails_at_its_checks_for_that_reason(lesson, tmp_path):
    checks = {
        c["id"] for c in code_cells(lesson.exercise_notebook) if ".check(" in "".join(c["source"])
    }
    failed = failures(lesson.exercise_notebook, tmp_path)
    assert set(failed) == checks
    assert all(
        message.startswith("NotSolved: ") and message.endswith(": untouched")
        for message in failed.values()
    ), failed


@pytest.mark.part("start")
def test_a_sheet_tells_each_cell_that_fails_and_runs_those_after_it(tmp_path):
    cells = ["x = 1", "x = ", "%no_such_magic", "raise KeyError('a')", "assert x == 1"]
    path = tmp_path / "sheet.ipynb"
    nbformat.write(
        new_notebook(cells=[new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)]), path
    )
    failed = failures(path, tmp_path)
    assert {id: text.partition(":")[0] for id, text in failed.items()} == {
        "c1": "SyntaxError",
        "c2": "UsageError",
        "c3": "KeyError",
    }
