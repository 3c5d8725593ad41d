"""What an exercise is made of: tasks with their checks and points, a contract, a ladder of hints."""

from dataclasses import dataclass
from importlib import import_module

from factorlab import course
from factorlab.checks.contract import Contract
from factorlab.engine.builds import STRICT, Policy
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
