"""The exercises are what the solutions make, and a change of a solution is noticed."""

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factorlab import course
from factorlab.exercises.generate import exercise_of, generated, is_solution, starters_of

ROOT = course.root()
WITH_EXERCISES = [lesson for lesson in course.lessons() if lesson.exercises]


def generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "factorlab.exercises.generate", *arguments],
        env={**os.environ, "FACTORLAB_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )


@pytest.fixture
def copied(tmp_path):
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "course.toml", tmp_path)
    return tmp_path


def test_what_is_there_is_what_the_solutions_make():
    stale = [path for path, text in generated().items() if (ROOT / path).read_text() != text]
    assert not stale, "run `make exercises`"


def test_check_is_content_with_an_unchanged_course(copied):
    run = generate(copied, "--check")
    assert run.returncode == 0, run.stdout + run.stderr


def test_check_notices_a_changed_solution_and_generating_mends_it(copied):
    path = copied / "solutions" / f"{WITH_EXERCISES[0].name}.ipynb"
    solution = json.loads(path.read_text())
    cell = next(c for c in solution["cells"] if "".join(c["source"]).startswith("%%answer"))
    cell["source"] = "".join(cell["source"]) + "# one more line\n"
    path.write_text(json.dumps(solution))
    run = generate(copied, "--check")
    assert run.returncode == 1
    assert "starters.json" in run.stdout
    assert f"exercises/{WITH_EXERCISES[0].name}.ipynb" in run.stdout
    assert generate(copied).returncode == 0
    assert generate(copied, "--check").returncode == 0
    assert "# one more line" in (copied / "exercises" / "starters.json").read_text()


def test_check_notices_a_missing_exercise(copied):
    (copied / "exercises" / f"{WITH_EXERCISES[0].name}.ipynb").unlink()
    assert generate(copied, "--check").returncode == 1


@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=lambda lesson: lesson.name)
def test_an_exercise_holds_no_solution_and_no_output(lesson):
    solution = json.loads(lesson.solution_notebook.read_text())
    exercise = exercise_of(solution)
    dropped = [cell for cell in solution["cells"] if is_solution(cell)]
    assert dropped
    assert len(exercise["cells"]) == len(solution["cells"]) - len(dropped)
    for cell in exercise["cells"]:
        assert not is_solution(cell)
        assert not cell.get("outputs") and cell.get("execution_count") is None


def test_generating_does_not_change_the_solution():
    solution = json.loads(WITH_EXERCISES[0].solution_notebook.read_text())
    before = copy.deepcopy(solution)
    exercise_of(solution)
    assert solution == before


@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=lambda lesson: lesson.name)
def test_every_exercise_has_a_starter_and_a_solution_for_its_files(lesson):
    from factorlab.exercises.exercise import solution_files
    from factorlab.questions.spec import spec

    starters = starters_of(json.loads(lesson.solution_notebook.read_text()))
    assert set(starters) == {entry.id for entry in lesson.exercises}
    for entry in lesson.exercises:
        assert set(starters[entry.id]) == set(spec(entry.id).files)
        assert solution_files(entry.id) != starters[entry.id]
