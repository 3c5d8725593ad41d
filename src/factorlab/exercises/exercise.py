"""What a learner holds in an exercise notebook: check, hint, solution, reset."""

import time
from collections.abc import Sequence

from factorlab import course
from factorlab.display import Card, Shown
from factorlab.errors import FactorLabError, NotReady
from factorlab.exercises import answers, progress
from factorlab.exercises.judge import Outcome, Result, judge
from factorlab.exercises.spec import Spec, Task, spec
from factorlab.lab import Lab

_labs: dict[str, Lab] = {}
"""One lab for each exercise, kept for as long as the notebook's kernel runs."""


class NotSolved(FactorLabError):
    """A task is not solved yet. Raised after its result was shown, so that Run All and nbval
    notice."""


class Exercise:
    """One exercise by its id (such as III-1).

    `check` asks, `hint` gives the next rung of the ladder, `solution` shows the answer, `reset`
    brings the starter back. Raises FactorLabError for an unknown id.
    """

    def __init__(self, id: str) -> None:
        from factorlab.exercises import magic

        self._spec: Spec = spec(id)
        magic.register()

    @property
    def tasks(self) -> list[str]:
        """The names of its tasks, in order."""
        return [task.id for task in self._spec.tasks]

    def check(self, task: str | None = None) -> None:
        """Judge one task, or all, on the files as they were last saved, and show the result.

        Raises NotSolved when a task is not passed, NotReady when the machine could not judge.
        """
        chosen = [self._task(task)] if task else list(self._spec.tasks)
        results = judge(self._spec, answers.load(self._spec.id), chosen, self._bench())
        progress.record(self._spec.id, {result.task.id: str(result.outcome) for result in results})
        for result in results:
            _show(result.card())
        _raise_unless_passed(results)

    def hint(self) -> None:
        """Show the next hint, and how many are left. After the last, the last again."""
        state, ladder = progress.read(self._spec.id), self._spec.hints
        rung = min(state.hints, len(ladder) - 1)
        state.hints = rung + 1
        progress.write(self._spec.id, state)
        left = len(ladder) - rung - 1
        more = f"{left} more: run hint() again." if left else "That was the last one."
        _show(_Note(f"Hint {rung + 1} of {len(ladder)}: {ladder[rung]}\n{more}"))

    def solution(self, *, show: bool = False) -> None:
        """Show a solution: after all tasks are passed, or at once with `show=True`."""
        done = progress.read(self._spec.id).outcomes
        passed = all(done.get(name) == Outcome.PASSED for name in self.tasks)
        if not passed and not show:
            raise FactorLabError(
                f"Not all tasks of {self._spec.id} are passed yet.",
                next="take a hint with hint(), or run solution(show=True) to see it all the same.",
            )
        for name, text in solution_files(self._spec.id).items():
            _show(_Note(f"%%answer {self._spec.id}/{name}\n{text}"))

    def reset(self, *, sure: bool = False) -> None:
        """Bring the starter back. A copy of your files is kept beside them. Asks first: nothing
        happens without `sure=True`."""
        place = answers.folder(self._spec.id)
        if not sure:
            raise FactorLabError(
                f"reset() replaces your files of {self._spec.id} by the starter.",
                next="run reset(sure=True) if that is what you want; a copy of them is kept.",
            )
        stamp = time.strftime("%Y%m%d-%H%M%S")
        for name, text in (answers.read_folder(place) if place.is_dir() else {}).items():
            answers.write_whole(place / ".copies" / stamp / name, text)
            (place / name).unlink()
        for name, text in answers.starter(self._spec.id).items():
            answers.save(self._spec.id, name, text)
            _show(_Note(f"%%answer {self._spec.id}/{name}\n{text}"))
        progress.write(self._spec.id, progress.Progress())
        kept = place / ".copies" / stamp
        _show(
            _Note(
                f"The starter of {self._spec.id} is back, and your files are kept in {kept}.\n"
                "Copy the cells above over yours: running yours would save your text again."
            )
        )

    def _task(self, name: str) -> Task:
        for task in self._spec.tasks:
            if task.id == name:
                return task
        raise FactorLabError(
            f"{self._spec.id} has no task '{name}'.",
            next=f"choose one of: {', '.join(self.tasks)}.",
        )

    def _bench(self) -> Lab | None:
        """The exercise's lab, kept from check to check. None for an untouched answer, which needs
        no engine, and where no lab can be made: then `judge` says why."""
        if answers.untouched(self._spec.id, answers.load(self._spec.id)):
            return None
        lab = _labs.get(self._spec.id)
        if lab is None or not lab.alive:
            try:
                lab = Lab(f"exercise-{self._spec.id}", untrusted=True)
            except NotReady:
                return None
            _labs[self._spec.id] = lab
        return lab

    def __repr__(self) -> str:
        return f"<Exercise {self._spec.id}: {', '.join(self.tasks)}>"


def solution_files(id: str) -> dict[str, str]:
    """The files of the reference solution. Raises FactorLabError where this copy has none."""
    path = course.lesson(course.exercise(id).lesson).solution_notebook
    if not path.is_file():
        raise FactorLabError(
            f"This copy of the course holds no solution of {id}.",
            next="ask whoever gave you the copy, or go on with hint().",
        )
    return answers.lift(path)[id]


def _raise_unless_passed(results: Sequence[Result]) -> None:
    open_tasks = [r for r in results if r.outcome is not Outcome.PASSED]
    if not open_tasks:
        return
    first = open_tasks[0]
    message = ", ".join(f"{r.task.id}: {r.outcome}" for r in open_tasks)
    if first.outcome is Outcome.ENVIRONMENT:
        raise NotReady(f"{first.exercise} · {message}", next=first.next)
    raise NotSolved(f"{first.exercise} · {message}")


class _Note(Shown):
    """A few lines of text in the course's frame."""

    def __init__(self, text: str) -> None:
        self._text = text

    def to_html(self) -> str:
        from factorlab.display.shown import INK, LINE, MONO, PAPER, escape

        return (
            f'<pre style="{MONO};background:{PAPER};color:{INK};border:1px solid {LINE};'
            f'padding:8px 12px;white-space:pre-wrap">{escape(self._text)}</pre>'
        )

    def to_text(self) -> str:
        return self._text


def _show(shown: Card | Shown) -> None:
    """In a notebook display it; in a terminal print its text twin."""
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        print(shown)
        return
    from IPython.display import display

    display(shown)
