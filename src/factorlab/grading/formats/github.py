"""A gradebook as workflow commands: the annotations that GitHub Actions shows beside a file."""

from collections.abc import Callable

from factorlab.exercises.judging import Outcome
from factorlab.grading.gradebook import Gradebook, Row


def render(book: Gradebook) -> str:
    """Annotations of GitHub Actions: a line for each task that is not passed."""
    return annotations(book)


def annotations(book: Gradebook, where: Callable[[str], str] = str) -> str:
    """The same, with the files' names made by `where` into names from the top of the repository."""
    lines = []
    for one in book.graded:
        origins = {exercise: where(name) for exercise, name in one.submission.origins.items()}
        failed = (row for row in book.rows(one) if row.outcome != Outcome.PASSED)
        lines += [_line(row, origins.get(row.exercise, "")) for row in failed]
    return "".join(lines)


def _line(row: Row, file: str) -> str:
    kind = "warning" if row.earned is None else "error"
    text = f"{row.outcome}: {row.result.get('seen', '')} Next: {row.result.get('next', '')}"
    title = _property(f"{row.exercise} {row.title}")
    place = f"file={_property(file)}," if file else ""
    return f"::{kind} {place}title={title}::{_data(text)}\n"


def _data(text: str) -> str:
    """Of a workflow command: no line end of a learner's can begin a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
