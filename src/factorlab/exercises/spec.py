"""What an exercise is made of: tasks with their checks and points, a contract, a ladder of hints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from factorlab import course
from factorlab.checks.contract import Contract
from factorlab.engine.builds import STRICT, Policy
from factorlab.exercises import answers
from factorlab.lab.wheels import Wheel


@dataclass(frozen=True)
class Task:
    """One thing to get right. It is solved when `check` passes; then it earns `points`."""

    id: str
    title: str
    check: str
    points: int


@dataclass(frozen=True)
class Spec:
    """One exercise. `secrets` are texts of the starter that must not be in the image. `policy` is
    what the answer's Dockerfile is held to; where it may install, the lab has an index with
    `packages`."""

    id: str
    files: tuple[str, ...]
    contract: Contract
    tasks: tuple[Task, ...]
    hints: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    policy: Policy = STRICT
    packages: tuple[Wheel, ...] = ()
    own_title: str = ""
    own_starter: Mapping[str, str] = field(default_factory=dict)
    """Of an exercise that is not in the course: the files as they were handed out."""

    @property
    def starter(self) -> dict[str, str]:
        """The files as they were handed out: name -> text."""
        return dict(self.own_starter) or answers.starter(self.id)

    @property
    def title(self) -> str:
        """What it is called; an exercise of one's own has the title of its catalogue."""
        return self.own_title or course.exercise(self.id).title

    @property
    def points(self) -> int:
        """The sum of its tasks' points."""
        return sum(task.points for task in self.tasks)


def spec(id: str) -> Spec:
    """The exercise with this id (such as III-1). Raises FactorLabError naming those that exist."""
    entry = course.exercise(id)
    module = import_module(f"factorlab.exercises.{entry.id.lower().replace('-', '_')}")
    found: Spec = module.SPEC
    return found
