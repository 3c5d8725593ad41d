"""One submission: a notebook or a folder of answers, judged exercise by exercise."""

from collections.abc import Callable, Sequence
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises import answers
from factorlab.exercises.judge import Outcome, Result, judge
from factorlab.exercises.spec import Task, spec

Progress = Callable[[str], None]


def grade_notebook(path: Path, progress: Progress = lambda doing: None) -> list[Result]:
    """Judge every exercise that a notebook has answers to; an exercise of its lesson that it
    leaves out counts as untouched.

    Raises FactorLabError for a file that is not a notebook, or that has no answers at all.
    """
    found = answers.lift(path)
    if not found:
        raise FactorLabError(
            f"{path.name} holds no answers.",
            next="an answer is a cell that begins with %%answer, as in exercises/.",
        )
    lessons = {course.exercise(id).lesson for id in found}
    ids = [e.id for e in course.exercises() if e.lesson in lessons]
    return [result for id in ids for result in _judge(id, found.get(id, {}), progress)]


def grade_folder(
    id: str,
    folder: Path,
    progress: Progress = lambda doing: None,
    tasks: Sequence[Task] | None = None,
) -> list[Result]:
    """Judge the files of one exercise that lie in a folder, on all its tasks or on some. Raises FactorLabError if it is not one."""
    if not folder.is_dir():
        raise FactorLabError(
            f"{folder} is not a folder.", next=f"name the folder that holds the files of {id}."
        )
    return _judge(id, answers.read_folder(folder), progress, tasks)


def _judge(
    id: str, files: dict[str, str], progress: Progress, tasks: Sequence[Task] | None = None
) -> list[Result]:
    return judge(spec(id), files, tasks, progress=lambda doing: progress(f"{id}: {doing}"))


def exit_status(results: Sequence[Result]) -> int:
    """0 when all tasks are passed, 2 when the machine could not judge one, otherwise 1."""
    outcomes = {result.outcome for result in results}
    if Outcome.ENVIRONMENT in outcomes:
        return 2
    return 0 if outcomes == {Outcome.PASSED} else 1
