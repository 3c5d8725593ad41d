"""One submission: a notebook or a folder of answers, judged exercise by exercise."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises import answer_files
from factorlab.exercises.judging import Outcome, Result, judge
from factorlab.lab import Lab
from factorlab.questions.spec import Task, spec


def grade_notebook(path: Path) -> list[Result]:
    """Judge every exercise that a notebook has answers to; an exercise of its lesson that it
    leaves out counts as untouched.

    Raises FactorLabError for a file that is not a notebook, or that has no answers at all.
    """
    found = answer_files.lift(path)
    if not found:
        raise FactorLabError(
            f"{path.name} holds no answers.",
            next="an answer is a cell that begins with %%answer, as in exercises/.",
        )
    lessons = {course.exercise(id).lesson for id in found}
    ids = [e.id for e in course.exercises() if e.lesson in lessons]
    return [result for id in ids for result in judge(spec(id), found.get(id, {}))]


def grade_folder(
    id: str,
    folder: Path,
    tasks: Sequence[Task] | None = None,
    lab: Lab | None = None,
) -> list[Result]:
    """Judge the files of one exercise that lie in a folder, on all its tasks or on some, in a
    lab of its own or in the one given. Raises FactorLabError if it is not a folder."""
    if not folder.is_dir():
        raise FactorLabError(
            f"{folder} is not a folder.", next=f"name the folder that holds the files of {id}."
        )
    return judge(spec(id), answer_files.read_folder(folder), tasks, lab)


def exit_status(outcomes: Iterable[str]) -> int:
    """0 when all tasks are passed, 2 when the machine could not judge one, otherwise 1."""
    found = set(outcomes)
    if Outcome.ENVIRONMENT in found:
        return 2
    return 0 if found == {Outcome.PASSED} else 1
