"""The fingerprint of the grader: what can change a verdict, and nothing else."""

import shutil

import pytest

from factorlab import course
from factorlab.grading import records

GONE = shutil.ignore_patterns("__pycache__")
DECIDING = (
    "src/factorlab/factors/xi_logs/events.py",
    "src/factorlab/lab/probe.py",
    "src/factorlab/engine/build/build.py",
    "src/factorlab/factors/iii_config/exercises.py",
    "src/factorlab/errors.py",
    "images/probe/probe.py",
    "exercises/starters.json",
    "apps/10-port-binding/prices/Dockerfile",
    "apps/11-concurrency/mailer/Dockerfile",
)
OTHER = (
    "src/factorlab/site/tidy.py",
    "src/factorlab/display/table.py",
    "src/factorlab/panels/board.py",
    "src/factorlab/cli/grade.py",
    "src/factorlab/grading/formats/html.py",
    "src/factorlab/audit/formats/html.py",
    "apps/01-config/bad/app.py",
    "notebooks/01-config.ipynb",
)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the course that a test may change; and what its grader is."""
    root = course.root()
    for name in ("src/factorlab", "images", "exercises", "apps", "notebooks"):
        shutil.copytree(root / name, tmp_path / name, ignore=GONE)
    monkeypatch.setattr(course, "root", lambda: tmp_path)
    monkeypatch.setattr(records, "PACKAGE", tmp_path / "src" / "factorlab")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "changes"), [(n, True) for n in DECIDING] + [(n, False) for n in OTHER]
)
def test_a_change_judges_a_class_again_only_where_it_can_change_a_verdict(copy, name, changes):
    before = records.grader.__wrapped__()
    with (copy / name).open("a") as file:
        file.write("# a word\n")
    assert (records.grader.__wrapped__() != before) is changes


def test_an_exercise_that_moves_to_another_lesson_is_judged_again(monkeypatch):
    before = records.grader.__wrapped__()
    monkeypatch.setattr(course, "exercises", lambda: ())
    assert records.grader.__wrapped__() != before
