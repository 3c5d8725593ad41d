"""The learner's copy has all that the course needs and nothing that solves it."""

import os
import subprocess
import sys

import pytest
import yaml

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.grading.release import release


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "copy"
    release(folder)
    return folder


def run(copy, *words):
    env = {**os.environ, "FACTORLAB_ROOT": str(copy), "PYTHONPATH": str(copy / "src")}
    command = [sys.executable, "-m", "factorlab", *words]
    return subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)


def test_it_holds_no_solution_and_no_judged_answer(copy):
    names = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    assert not [name for name in names if "solution" in name.lower() and name.endswith(".ipynb")]
    assert not [name for name in names if "expected.toml" in name or name.startswith("tests/")]
    assert not [name for name in names if "__pycache__" in name or ".git/" in name]
    for lesson in course.lessons():
        assert f"notebooks/{lesson.name}.ipynb" in names
        assert not lesson.exercises or f"exercises/{lesson.name}.ipynb" in names


def test_the_course_runs_from_it(copy):
    listed = run(copy, "list")
    assert listed.returncode == 0, listed.stderr
    assert "III-1" in listed.stdout


def test_the_solution_is_said_to_be_elsewhere(copy):
    asked = run(copy, "solution", "III-1", "--show")
    assert asked.returncode == 1
    assert "holds no solution" in asked.stderr


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FactorLabError, match="not an empty folder"):
        release(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_workflow_runs_both_and_pins_what_it_uses(copy):
    told = yaml.safe_load((copy / ".github/workflows/grade.yml").read_text())
    steps = [step for job in told["jobs"].values() for step in job["steps"]]
    assert told["jobs"]["quick-look"]["continue-on-error"] is True
    runs = " ".join(step.get("run", "") for step in steps)
    assert "--nbval-lax" in runs and "factorlab grade" in runs
    for step in steps:
        if "uses" in step:
            assert len(step["uses"].partition("@")[2]) == 40
