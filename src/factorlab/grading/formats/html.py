"""Pages of a graded class: feedback for each learner, and where the class struggles.

Each is one file without scripts that loads nothing from elsewhere; what learners wrote is escaped.
"""

from typing import Any

from markupsafe import Markup

from factorlab.display import Bars, Card, Table
from factorlab.exercises.judging import Outcome
from factorlab.formats import pages
from factorlab.grading.batch import Graded
from factorlab.grading.gradebook import Gradebook, Row
from factorlab.grading.records import file_name
from factorlab.questions import find
from factorlab.questions.spec import Spec

SUMMARY, FEEDBACK = "summary.html", "feedback"
PACKAGE = "factorlab.grading"


def render(book: Gradebook) -> dict[str, str]:
    """Pages in a folder: summary.html for the class, and one for each learner in feedback/."""
    learners = {_page(one): feedback(book, one) for one in book.graded}
    return {SUMMARY: summary(book), **learners}


def feedback(book: Gradebook, one: Graded) -> str:
    """The page of one learner: every task with what was asked, expected, seen, and what to do."""
    rows = list(book.rows(one))
    exercises = []
    for spec in book.specs:
        own = [row for row in rows if row.exercise == spec.id]
        cards = [_card(row, spec) for row in own]
        alike = {(row.outcome, row.result.get("seen"), row.result.get("log")) for row in own}
        same = len(own) > 1 and len(alike) == 1 and "check" not in own[0].result
        exercises.append(
            {
                "id": spec.id,
                "title": spec.title,
                "earned": _score(own),
                "points": spec.points,
                "alike": Markup(_first_only(cards[0]).to_html()) if same else "",
                "cards": [Markup(card.to_html()) for card in cards],
            }
        )
    return pages.render(
        PACKAGE,
        "feedback.html.j2",
        learner=one.submission.learner,
        files=one.submission.files,
        problems=one.submission.problems,
        exercises=exercises,
        earned=_score(rows),
        points=book.points,
    )


def summary(book: Gradebook) -> str:
    """The page of the class: a plot for each exercise, and a row for each learner."""
    rows = list(book.rows())
    return pages.render(
        PACKAGE,
        "summary.html.j2",
        learners=[_learner(book, one) for one in book.graded],
        exercises=[spec.id for spec in book.specs],
        plots=[Markup(_plot(book, spec, rows).to_html()) for spec in book.specs],
        points=book.points,
        complete=book.complete,
        environment=sum(row.outcome == Outcome.ENVIRONMENT for row in rows),
    )


def _plot(book: Gradebook, spec: Spec, rows: list[Row]) -> Bars:
    passed = {
        task.title: {
            "learners who passed": sum(
                row.outcome == Outcome.PASSED
                for row in rows
                if (row.exercise, row.task) == (spec.id, task.id)
            )
        }
        for task in spec.tasks
    }
    handed_in = sum(
        any(
            row.outcome not in (Outcome.UNTOUCHED, "not graded")
            for row in book.rows(one)
            if row.exercise == spec.id
        )
        for one in book.graded
    )
    return Bars(
        f"{spec.id} {spec.title}".strip(),
        passed,
        "learners who passed",
        of=len(book.graded),
        note=f"{handed_in} of {len(book.graded)} handed in an answer of their own.",
    )


def _learner(book: Gradebook, one: Graded) -> dict[str, Any]:
    rows = list(book.rows(one))
    words = [str(outcome) for outcome in (Outcome.ERROR, Outcome.UNTOUCHED, Outcome.ENVIRONMENT)]
    remarks = [
        f"{spec.id}: {word}"
        for spec in book.specs
        for word in words
        if any(row.outcome == word for row in rows if row.exercise == spec.id)
    ]
    if one.submission.unread:
        remarks.append("a file could not be read")
    if one.submission.remarks:
        remarks.append("answered more than once")
    return {
        "learner": one.submission.learner,
        "page": _page(one),
        "scores": [_score([row for row in rows if row.exercise == spec.id]) for spec in book.specs],
        "earned": _score(rows),
        "remarks": "; ".join(remarks),
    }


def _score(rows: list[Row]) -> str:
    """Points, or a dash for what was not graded at all: that is no zero."""
    earned = [row.earned for row in rows if row.earned is not None]
    return str(sum(earned)) if earned else "\N{EN DASH}"


def _page(one: Graded) -> str:
    return f"{FEEDBACK}/{file_name(one.submission.learner)}.html"


def _card(row: Row, spec: Spec) -> Card:
    result = row.result
    id = next(task.question for task in spec.tasks if task.id == row.task)
    evidence = result.get("evidence") or []
    table = (
        Table(tuple(evidence[0]), [tuple(line.values()) for line in evidence]) if evidence else None
    )
    return Card(
        f"{row.exercise} · {row.title}",
        row.outcome,
        [
            ("Question:", find(id).text),
            ("Asked:", result.get("asked", "")),
            ("Expected:", result.get("expected", "")),
            ("Seen:", result.get("seen", "")),
            ("Next:", result.get("next", "")),
        ],
        table,
        "" if row.outcome == Outcome.PASSED else result.get("log", ""),
    )


def _first_only(card: Card) -> Card:
    """For a whole exercise at once: without the question of one task."""
    title, _, _ = card.title.partition(" · ")
    return Card(f"{title} · all tasks", card.outcome, card.lines[1:], card.evidence, card.log)
