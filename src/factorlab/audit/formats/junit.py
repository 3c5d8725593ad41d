"""A scorecard in the form that CI systems read: JUnit XML, a test suite for each factor."""

from typing import Literal

from factorlab.audit.questions import FACTORS
from factorlab.audit.scorecard import Result, Row, Scorecard
from factorlab.display.shown import printable
from factorlab.formats.junit import Case, Problem, Suite, junit

KINDS: dict[Result, Literal["failure", "error", "skipped"]] = {
    Result.FAILED: "failure",
    Result.INCONCLUSIVE: "error",
    Result.NOT_TESTED: "skipped",
    Result.SKIPPED: "skipped",
}


def render(card: Scorecard) -> str:
    """JUnit XML for CI. What is not tested is skipped there, with its reason."""
    suites = [
        Suite(f"{factor} {FACTORS[factor]}", [_case(row) for row in rows])
        for factor, rows in card.factors().items()
    ]
    return junit(printable(f"factorlab audit {card.target}"), suites)


def _case(row: Row) -> Case:
    return Case(row.factor, row.id, _problem(row), row.seconds)


def _problem(row: Row) -> Problem | None:
    """Why the row is not passed; what an app wrote stands there as it does in a terminal."""
    if row.result not in KINDS:
        return None
    lines = [
        ("Asked", row.question.how),
        ("Expected", row.expected),
        ("Seen", row.seen),
        ("Next", row.next),
    ]
    text = "\n".join([*(f"{label}: {line}" for label, line in lines if line), row.log])
    return Problem(KINDS[row.result], printable(f"{row.title} {row.seen}"), printable(text))
