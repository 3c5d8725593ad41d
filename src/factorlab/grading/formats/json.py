"""A gradebook as JSON: `results.json`, in the form of docs/GRADING.md."""

import json
from typing import Any

from factorlab.grading.batch import Graded
from factorlab.grading.gradebook import Gradebook
from factorlab.grading.records import grader

SCHEMA = 1
"""Of results.json; it grows by one whenever a program that reads it would have to change."""


def render(book: Gradebook) -> str:
    """All results, as data for other programs."""
    exercises = {
        spec.id: [{"task": t.id, "title": t.title, "points": t.points} for t in spec.tasks]
        for spec in book.specs
    }
    whole = {
        "schema": SCHEMA,
        "grader": grader(),
        "complete": book.complete,
        "points": book.points,
        "exercises": exercises,
        "learners": [_learner(book, one) for one in book.graded],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _learner(book: Gradebook, one: Graded) -> dict[str, Any]:
    exercises: dict[str, dict[str, Any]] = {}
    for row in book.rows(one):
        tasks = exercises.setdefault(row.exercise, {})
        tasks[row.task] = {"outcome": row.outcome, "earned": row.earned}
    return {
        "learner": one.submission.learner,
        "earned": book.earned(one),
        "files": list(one.submission.files),
        "problems": list(one.submission.problems),
        "exercises": exercises,
    }
