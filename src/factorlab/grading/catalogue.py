"""A course team's own catalogue: which exercises are graded, for how many points, exercises of
their own, and parameters that differ from learner to learner. Its form is in docs/GRADING.md.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from factorlab import course
from factorlab.checks import find
from factorlab.checks.contract import contract_of
from factorlab.errors import FactorLabError
from factorlab.exercises.answers import read_folder
from factorlab.exercises.spec import Spec, Task, spec

KEYS = {"exercises", "points", "parameters", "exercise"}
OWN_KEYS = {"id", "title", "starter", "contract", "schema", "task"}
TASK_KEYS = {"id", "title", "check", "points"}
TOGETHER = 1000
"""How many combinations of parameters are read before anybody is graded."""


@dataclass(frozen=True)
class Own:
    """An exercise of a course team's own, before a learner's parameters are filled in."""

    id: str
    title: str
    starter: Mapping[str, str]
    contract: str
    schema: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Catalogue:
    """What is graded. The default is the course as it is."""

    exercises: tuple[str, ...] = ()
    points: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seed: str = ""
    own: Mapping[str, Own] = field(default_factory=dict)

    def spec(self, id: str, learner: str = "") -> Spec:
        """An exercise as this learner has it, with this catalogue's points."""
        found = self._own_spec(self.own[id], learner) if id in self.own else spec(id)
        points = self.points.get(id, {})
        tasks = tuple(
            replace(task, points=points.get(task.id, task.points)) for task in found.tasks
        )
        return replace(found, tasks=tasks)

    def filled(self, text: str, learner: str) -> str:
        """A text with `{{NAME}}` replaced by the learner's value of each parameter."""
        return _filled(text, self.values(learner))

    def values(self, learner: str) -> dict[str, str]:
        """The learner's value of each parameter."""
        chosen = {}
        for name, values in self.parameters.items():
            digest = hashlib.sha256(f"{self.seed}\0{name}\0{learner}".encode()).digest()
            chosen[name] = values[int.from_bytes(digest[:8], "big") % len(values)]
        return chosen

    def _own_spec(self, own: Own, learner: str) -> Spec:
        starter = {name: self.filled(text, learner) for name, text in own.starter.items()}
        return Spec(
            id=own.id, files=tuple(starter), tasks=own.tasks, hints=(), own_title=own.title,
            contract=contract_of(self.filled(own.contract, learner), own.id, own.schema),
            own_starter=starter,
        )  # fmt: skip


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue. Raises FactorLabError that names the first entry that cannot be used."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        _only(KEYS, data, "the catalogue")
        parameters = {**data.get("parameters", {})}
        seed = parameters.pop("seed", "")
        found = Catalogue(
            exercises=tuple(data.get("exercises", ())), points=data.get("points", {}),
            parameters=parameters, seed=seed,
            own={entry["id"]: _own(entry, path.parent) for entry in data.get("exercise", ())},
        )  # fmt: skip
        _hold(found)
    except KeyError as error:
        raise _unusable(path, f"{error} is missing") from error
    except (OSError, UnicodeError, TypeError, AttributeError, ValueError) as error:
        raise _unusable(path, str(error)) from error
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _own(entry: Mapping[str, Any], folder: Path) -> Own:
    _only(OWN_KEYS, entry, f"exercise {entry['id']}")
    for task in entry["task"]:
        _only(TASK_KEYS, task, f"a task of {entry['id']}")
    starter = read_folder(folder / entry["starter"])
    if not starter:
        raise ValueError(f"the folder {entry['starter']} holds no starter of {entry['id']}")
    schema = folder / entry["schema"] if "schema" in entry else None
    return Own(
        id=entry["id"], title=entry["title"], starter=starter,
        contract=(folder / entry["contract"]).read_text(encoding="utf-8"),
        schema=schema.read_text(encoding="utf-8") if schema else "",
        tasks=tuple(Task(t["id"], t["title"], t["check"], t["points"]) for t in entry["task"]),
    )  # fmt: skip


def _hold(found: Catalogue) -> None:
    """Raise ValueError, or FactorLabError, for what would only be noticed while grading."""
    ids = {entry.id for entry in course.exercises()}
    if taken := ids & set(found.own):
        raise ValueError(f"{min(taken)} is an exercise of the course: give yours another id")
    for name, values in found.parameters.items():
        if (
            not isinstance(values, list)
            or not values
            or not all(isinstance(v, str) for v in values)
        ):
            raise ValueError(f"the parameter {name} is not a list of texts")
    for own in found.own.values():
        for task in own.tasks:
            find(task.check)
        _hold_contract(found, own)
    for id in (*found.exercises, *found.points, *found.own):
        _hold_tasks(found.spec(id), set(found.points.get(id, ())))


def _hold_contract(found: Catalogue, own: Own) -> None:
    """Read the contract with each value of each parameter in it, and then, where these are not too
    many, with all that some learner can have together."""
    usual = found.values("")
    used = {n: values for n, values in found.parameters.items() if f"{{{{{n}}}}}" in own.contract}
    choices = [{name: value} for name, values in used.items() for value in values]
    if len(used) > 1 and prod(len(values) for values in used.values()) <= TOGETHER:
        choices += [dict(zip(used, chosen, strict=True)) for chosen in product(*used.values())]
    for chosen in choices:
        text = _filled(own.contract, {**usual, **chosen})
        told = ", ".join(f"{name} = '{value}'" for name, value in chosen.items())
        contract_of(text, f"{own.id} with {told}", own.schema)


def _hold_tasks(spec: Spec, named: set[str]) -> None:
    known = {task.id for task in spec.tasks}
    if unknown := named - known:
        raise ValueError(f"{spec.id} has no task '{min(unknown)}'; it has {', '.join(known)}")
    if len(known) < len(spec.tasks) or not known:
        raise ValueError(f"{spec.id} needs tasks, each with an id of its own")
    for task in spec.tasks:
        if not isinstance(task.points, int) or isinstance(task.points, bool) or task.points < 0:
            raise ValueError(f"{spec.id}/{task.id} has {task.points!r} points: give a whole number")


def _only(known: set[str], entry: Mapping[str, Any], where: str) -> None:
    if unknown := set(entry) - known:
        raise ValueError(
            f"'{min(unknown)}' in {where} is not known; known are {', '.join(sorted(known))}"
        )


def _unusable(path: Path, why: str) -> FactorLabError:
    return FactorLabError(
        f"The catalogue {path} cannot be used.", why=f"{why}.",
        next="mend that entry; docs/GRADING.md has the form.",
    )  # fmt: skip
