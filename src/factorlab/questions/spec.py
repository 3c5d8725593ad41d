"""What an exercise is made of: tasks with their checks and points, a contract, a ladder of hints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from factorlab import course
from factorlab.engine.build.dockerfile import STRICT, Policy
from factorlab.lab.services.wheels import Wheel
from factorlab.questions.contract import Contract


@dataclass(frozen=True)
class Task:
    """One thing to get right. It is solved when its `question` is answered with yes; then it earns `points`."""

    id: str
    title: str
    question: str
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
        return dict(self.own_starter) or course.starter(self.id)

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
    return _specs()[course.exercise(id).id][1]


def module_of(id: str) -> str:
    """The dotted name of the module that an exercise stands in."""
    return _specs()[course.exercise(id).id][0]


@cache
def _specs() -> dict[str, tuple[str, Spec]]:
    """Every exercise of the course: id -> the `exercises` of its factor's folder, and what stands
    there."""
    package = import_module("factorlab.factors")
    found: dict[str, tuple[str, Spec]] = {}
    for folder in iter_modules(package.__path__, "factorlab.factors."):
        name = f"{folder.name}.exercises"
        if find_spec(name):
            values = vars(import_module(name)).values()
            found |= {one.id: (name, one) for one in values if isinstance(one, Spec)}
    return found
