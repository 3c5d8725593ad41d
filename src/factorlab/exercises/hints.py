"""The ladder of hints: one more each time, and how many are left."""

from dataclasses import dataclass

from factorlab.display import Note
from factorlab.exercises import progress
from factorlab.questions.spec import Spec


@dataclass(frozen=True)
class Hint:
    """One rung: `number` counts from 1, `of` is how many there are."""

    exercise: str
    number: int
    of: int
    text: str

    def note(self, more: str, solution: str) -> Note:
        """As it is displayed; `more` and `solution` say how to get the next and the solution."""
        left = self.of - self.number
        if left:
            foot = f"{left} {'hint is' if left == 1 else 'hints are'} left: {more}."
        else:
            foot = f"That was the last hint. If you are stuck, see a solution: {solution}."
        return Note(self.text, f"Hint {self.number} of {self.of} · {self.exercise}", foot)


def take(exercise: Spec) -> Hint:
    """Take the next hint; after the last, the last again."""
    with progress.changing(exercise.id) as state:
        state.hints = min(state.hints + 1, len(exercise.hints))
        number = state.hints
    return Hint(exercise.id, number, len(exercise.hints), exercise.hints[number - 1])
