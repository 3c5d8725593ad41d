"""The workflows of the learner's copy, run step by step as a runner does, in a repository that
passes and in one that does not.

The packages are not downloaded again: the environment of these tests stands in for the one that
`make` would fill. All else is run as it is written, `make setup` included.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from adversaries import HONEST, TASKS

from factorlab import course
from factorlab.exercises.answer_files import lift
from factorlab.grading.release import release

EXERCISE, OTHER, NOTEBOOK = "III-2", "III-1", "01-config.ipynb"
MARKS = (".made", ".learner", ".developer")
"""What `make` knows its environment by."""
GITHUB, GITLAB = ".github/workflows/grade.yml", ".gitlab-ci.yml"
GITLAB_WORDS = {"variables", "stages", "default", "workflow", "include"}
"""Keys of a GitLab file that are no jobs."""


def jobs(repository: Path, file: str) -> dict[str, list[str]]:
    """job -> the scripts of its steps; those with `uses` are GitHub's own."""
    told = yaml.safe_load((repository / file).read_text())
    if file == GITHUB:
        return {
            name: [step["run"] for step in job["steps"] if "run" in step]
            for name, job in told["jobs"].items()
        }
    return {name: job["script"] for name, job in told.items() if name not in GITLAB_WORDS}


def runner(repository: Path, home: Path) -> dict[str, str]:
    """The environment of a step, and the Python environment that would have been installed."""
    place = repository / ".venv" / "bin"
    place.mkdir(parents=True)
    for name, words in (("python", ""), ("factorlab", "-m factorlab")):
        (place / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (place / name).chmod(0o755)
    for mark in MARKS:
        (repository / ".venv" / mark).touch()
    unset = {"PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "FACTORLAB_ROOT"}
    kept = {k: v for k, v in os.environ.items() if k not in unset and "XDIST" not in k}
    return {
        **kept,
        "PYTHONPATH": str(repository / "src"),
        "FACTORLAB_WORK": str(home / "work"),
        "EXERCISES": "",
        "CI": "true",
        "GITHUB_REPOSITORY": "class/mia",
        "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
        "CI_PROJECT_PATH": "class/mia",
    }


class Repository:
    """A released copy with one notebook, cut down to one exercise, in which a learner has changed
    the answer."""

    def __init__(self, home: Path, answer: str) -> None:
        self.home, self.folder = home, home / "repository"
        release(self.folder)
        for path in (self.folder / "exercises").glob("*.ipynb"):
            if path.name != NOTEBOOK:
                path.unlink()
        path = self.folder / "exercises" / NOTEBOOK
        notebook = json.loads(path.read_text())
        notebook["cells"] = [c for c in notebook["cells"] if not c["id"].startswith(OTHER.lower())]
        for cell in notebook["cells"]:
            if "".join(cell["source"]).startswith(f"%%answer {EXERCISE}/app.py"):
                cell["source"] = f"%%answer {EXERCISE}/app.py\n{answer}"
        path.write_text(json.dumps(notebook))
        self.env = {**runner(self.folder, home), "EXERCISES": EXERCISE}
        self.said: dict[str, str] = {}

    def run(self, file: str) -> dict[str, int]:
        """job -> the exit status of the first step that did not succeed."""
        return {job: self._job(job, steps) for job, steps in jobs(self.folder, file).items()}

    def _job(self, job: str, steps: list[str]) -> int:
        for step in steps:
            ran = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step],
                cwd=self.folder,
                env=self.env,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            self.said[job] = self.said.get(job, "") + ran.stdout + ran.stderr
            if ran.returncode:
                return ran.returncode
        return 0

    def outcomes(self) -> dict[str, str]:
        book = json.loads((self.folder / "grades" / "results.json").read_text())
        [one] = book["learners"]
        assert one["learner"] == "class/mia"
        return {task: told["outcome"] for task, told in one["exercises"][EXERCISE].items()}


@pytest.fixture(scope="module")
def passing(tmp_path_factory):
    solution = lift(course.lesson("01-config").solution_notebook)[EXERCISE]["app.py"]
    return Repository(tmp_path_factory.mktemp("passing"), solution)


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    starter = lift(course.lesson("01-config").exercise_notebook)[EXERCISE]["app.py"]
    return Repository(tmp_path_factory.mktemp("failing"), f"{starter}# mine\n")


@pytest.mark.engine
def test_a_repository_that_passes_is_green(passing):
    assert passing.run(GITHUB) == {"quick-look": 0, "verdict": 0}, passing.said
    assert set(passing.outcomes().values()) == {"passed"}
    assert "::error" not in passing.said["verdict"]
    page = (passing.home / "summary.md").read_text()
    assert "this one counts" in page and "6 of 6" in page


@pytest.mark.engine
def test_a_repository_that_does_not_is_red_says_where_and_which_job_counts(failing):
    assert failing.run(GITHUB) == {"quick-look": 1, "verdict": 1}, failing.said
    assert [{failing.outcomes()[task]} for task in TASKS] == list(HONEST)
    verdict = failing.said["verdict"]
    notes = [line for line in verdict.splitlines() if line.startswith("::error ")]
    assert len(notes) == 2
    assert all(f"file=exercises/{NOTEBOOK},title={EXERCISE} " in note for note in notes)
    assert "does not count" in failing.said["quick-look"] and "this job counts" in verdict
    assert "this one counts" in (failing.home / "summary.md").read_text()


@pytest.mark.engine
def test_gitlab_comes_to_the_same_verdict(failing):
    told = yaml.safe_load((failing.folder / GITLAB).read_text())
    assert told["quick-look"]["allow_failure"] is True
    assert failing.run(GITLAB)["verdict"] == 1
    assert (failing.folder / told["verdict"]["artifacts"]["reports"]["junit"]).is_file()
    assert [{failing.outcomes()[task]} for task in TASKS] == list(HONEST)


def test_both_run_the_same_commands(tmp_path):
    release(tmp_path / "copy")
    bare = [
        [
            line.replace("$GITHUB_REPOSITORY", "$ME")
            .replace("$CI_PROJECT_PATH", "$ME")
            .replace(" --annotate", "")
            for steps in jobs(tmp_path / "copy", file).values()
            for step in steps
            for line in step.splitlines()
            if not line.startswith("echo")
        ]
        for file in (GITHUB, GITLAB)
    ]
    assert bare[0] == bare[1]
