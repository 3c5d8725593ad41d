"""A gradebook in the form that CI systems read: JUnit XML, a test suite for each learner."""

from typing import Literal

from factorlab.exercises.judging import Outcome
from factorlab.formats.junit import Case, Problem, Suite, junit
from factorlab.grading.gradebook import Gradebook, Row

KINDS: dict[str, Literal["failure", "error", "skipped"]] = {
    Outcome.ERROR: "error",
    Outcome.FAILED: "failure",
    Outcome.UNTOUCHED: "failure",
}
"""What an outcome is to CI. Any other but `passed` was not graded, which is skipped there."""
MESSAGE_LENGTH = 500
"""Characters of a message; the page of the learner has the rest."""


def render(book: Gradebook) -> str:
    """JUnit XML for CI: a suite for each learner, a case for each task."""
    suites = [
        Suite(
            one.submission.learner,
            [_case(row) for row in book.rows(one)],
            one.submission.problems,
        )
        for one in book.graded
    ]
    return junit("factorlab grade", suites)


def _case(row: Row) -> Case:
    properties = {"points": row.points, "earned": row.earned}
    given = {name: value for name, value in properties.items() if value is not None}
    return Case(row.exercise, row.task, _problem(row), properties=given)


def _problem(row: Row) -> Problem | None:
    if row.outcome == Outcome.PASSED:
        return None
    message = f"{row.outcome}: {row.result.get('seen', '')}"[:MESSAGE_LENGTH]
    return Problem(KINDS.get(row.outcome, "skipped"), message, row.result.get("next", ""))
