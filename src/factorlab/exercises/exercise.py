"""What a learner holds in an exercise notebook: check, hint, solution, reset."""

from collections.abc import Sequence

from factorlab import course
from factorlab.display import Note, ask, show
from factorlab.errors import FactorLabError, NotReady
from factorlab.exercises import answer_files, hints, progress, starter
from factorlab.exercises.judging import Outcome, Result, judge
from factorlab.exercises.lab_cache import bench
from factorlab.questions.spec import Spec, Task, spec


class NotSolved(FactorLabError):
    """A task is not solved yet. Raised after its result was shown, so that Run All and nbval
    notice."""


class Exercise:
    """One exercise by its id (such as III-1).

    `check` asks, `hint` gives the next rung of the ladder, `solution` shows the answer, `reset`
    brings the starter back. Raises FactorLabError for an unknown id.
    """

    def __init__(self, id: str) -> None:
        from factorlab.exercises import answer_magic

        self._spec: Spec = spec(id)
        answer_magic.register()

    @property
    def tasks(self) -> list[str]:
        """The names of its tasks, in order."""
        return [task.id for task in self._spec.tasks]

    def check(self, task: str | None = None) -> None:
        """Judge one task, or all, on the files as they were last saved, and show the result.

        Raises NotSolved when a task is not passed, NotReady when the machine could not judge.
        """
        id, chosen = self._spec.id, [self._task(task)] if task else list(self._spec.tasks)
        files = answer_files.load(id)
        results = judge(self._spec, files, chosen, bench(id, files))
        for result in results:
            show(result.card())
        progress.record(id, {result.task.id: str(result.outcome) for result in results})
        _raise_unless_passed(results)

    def hint(self) -> None:
        """Show the next hint, and how many are left. After the last, the last again."""
        show(hints.take(self._spec).note("run hint() again", "solution(show=True)"))

    def solution(self, *, show: bool = False) -> None:
        """Show a solution: after all tasks are passed, or at once with `show=True`."""
        if not show and not solved(self._spec):
            raise FactorLabError(
                f"Not all tasks of {self._spec.id} are passed yet.",
                next="take a hint with hint(), or run solution(show=True) to see it all the same.",
            )
        _show_files(self._spec.id, solution_files(self._spec.id))

    def reset(self, *, sure: bool = False) -> None:
        """Bring the starter back, after asking; your files are kept beside it. With `sure=True`,
        or where nobody can be asked, it does not wait for an answer: without it, nothing is done
        there. Raises FactorLabError then, and when the folder cannot be written."""
        id = self._spec.id
        agreed = sure or ask(f"Replace your files of {id} by the starter? A copy is kept.")
        if agreed is None:
            raise FactorLabError(
                f"reset() replaces your files of {id} by the starter.",
                next="run reset(sure=True) if that is what you want; a copy of them is kept.",
            )
        if not agreed:
            show(Note(f"Nothing was changed. Your files of {id} are as they were."))
            return
        done = starter.bring_back(id)
        _show_files(id, done.files)
        advice = "Copy the cells above over yours: running yours would save your text again."
        show(Note(done.said, foot=advice))

    def _task(self, name: str) -> Task:
        for task in self._spec.tasks:
            if task.id == name:
                return task
        raise FactorLabError(
            f"{self._spec.id} has no task '{name}'.",
            next=f"choose one of: {', '.join(self.tasks)}.",
        )

    def __repr__(self) -> str:
        return f"<Exercise {self._spec.id}: {', '.join(self.tasks)}>"


def solved(exercise: Spec) -> bool:
    """Whether all its tasks are passed."""
    done = progress.read(exercise.id).outcomes
    return all(done.get(task.id) == Outcome.PASSED for task in exercise.tasks)


def solution_files(id: str) -> dict[str, str]:
    """The files of the reference solution. Raises FactorLabError where this copy has none."""
    path = course.lesson(course.exercise(id).lesson).solution_notebook
    if not path.is_file():
        raise FactorLabError(
            f"This copy of the course holds no solution of {id}.",
            next="ask whoever gave you the copy, or go on with hint().",
        )
    return answer_files.lift(path)[id]


def _raise_unless_passed(results: Sequence[Result]) -> None:
    open_tasks = [r for r in results if r.outcome is not Outcome.PASSED]
    if not open_tasks:
        return
    first = open_tasks[0]
    message = ", ".join(f"{r.task.id}: {r.outcome}" for r in open_tasks)
    if first.outcome is Outcome.ENVIRONMENT:
        raise NotReady(f"{first.exercise} · {message}", next=first.next)
    raise NotSolved(f"{first.exercise} · {message}")


def _show_files(id: str, files: dict[str, str]) -> None:
    """Each file as the cell that would save it."""
    for name, text in files.items():
        show(Note(f"%%answer {id}/{name}\n{text}", code=True))
