"""The gradebook: every task of every learner, with its points and its outcome.

Rows are known by learner, exercise and task, never by a place in a notebook. There is no date and
no timing in them: the same submissions give the same rows. How they are written down is in
`grading/formats`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factorlab.exercises.judging import Outcome
from factorlab.grading.batch import Graded
from factorlab.grading.records import Task
from factorlab.grading.submission import exit_status
from factorlab.questions.spec import Spec


@dataclass(frozen=True)
class Row:
    """One task of one learner, known by the ids of exercise and task. Of its `points`, `earned` is
    0 or all; None where nobody was graded: the machine was to blame, or the run was interrupted
    before. `result` is the task's result as plain data: `seen`, `next`, `log`, `evidence`."""

    learner: str
    exercise: str
    task: str
    title: str
    points: int
    earned: int | None
    outcome: str
    result: Task


@dataclass(frozen=True)
class Gradebook:
    """All submissions with their results, under the exercises that were graded (`specs`). It is not
    `complete` when an interrupt left answers out."""

    graded: Sequence[Graded]
    specs: Sequence[Spec]
    complete: bool

    def rows(self, only: Graded | None = None) -> Iterator[Row]:
        """One row for each task: of everybody, or of one learner."""
        for one in self.graded if only is None else [only]:
            for spec in self.specs:
                results = {task["task"]: task for task in one.exercises.get(spec.id, ())}
                for task in spec.tasks:
                    result = results.get(task.id, {"outcome": "not graded"})
                    yield Row(
                        one.submission.learner,
                        spec.id,
                        task.id,
                        task.title,
                        task.points,
                        _earned(result["outcome"], task.points),
                        result["outcome"],
                        result,
                    )

    @property
    def points(self) -> int:
        """How many points one learner can earn."""
        return sum(spec.points for spec in self.specs)

    def earned(self, one: Graded) -> int:
        """How many points one learner has earned."""
        return sum(row.earned or 0 for row in self.rows(one))

    def exit_status(self) -> int:
        """0 when everybody has passed everything, 2 when somebody could not be graded because of
        the machine, otherwise 1."""
        return exit_status(row.outcome for row in self.rows())


def _earned(outcome: str, points: int) -> int | None:
    if outcome == Outcome.PASSED:
        return points
    return None if outcome in (Outcome.ENVIRONMENT, "not graded") else 0
