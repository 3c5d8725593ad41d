"""A gradebook as CSV: `gradebook.csv`."""

import csv
import io

from factorlab.grading.gradebook import Gradebook

COLUMNS = ("learner", "exercise", "task", "title", "points", "earned", "outcome")


def render(book: Gradebook) -> str:
    """A line for each task of each learner, for a spreadsheet."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for row in book.rows():
        earned = "" if row.earned is None else row.earned
        learner = _cell(row.learner)
        lines.writerow(
            (learner, row.exercise, row.task, row.title, row.points, earned, row.outcome)
        )
    return out.getvalue()


def _cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula gets a quote in front."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
