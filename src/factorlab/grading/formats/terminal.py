"""A gradebook as text: what `factorlab grade` prints."""

from factorlab.display import Table
from factorlab.grading.batch import Graded
from factorlab.grading.gradebook import Gradebook


def render(book: Gradebook) -> str:
    """The class as a table for a terminal, a line for each learner."""
    rows = [_row(book, one) for one in book.graded]
    return Table(("learner", "points", "tasks", "remarks"), rows).to_text() + "\n"


def _row(book: Gradebook, one: Graded) -> tuple[str, ...]:
    outcomes = [row.outcome for row in book.rows(one)]
    counts = {word: outcomes.count(word) for word in dict.fromkeys(outcomes)}
    return (
        one.submission.learner,
        f"{book.earned(one)} of {book.points}",
        ", ".join(f"{count} {word}" for word, count in counts.items()),
        "; ".join(one.submission.problems),
    )
