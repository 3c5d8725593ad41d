"""A course team's own catalogue: which exercises are graded, for how many points, exercises of
their own, and parameters that differ from learner to learner. Its form is in docs/GRADING.md.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from factorlab import course
from factorlab.exercises.answer_files import read_folder
from factorlab.questions import find
from factorlab.questions.contract import contract_of
from factorlab.questions.spec import Spec, Task, spec
from factorlab.toml import Table, Text, Wrong, hold, parse, read_text, unusable

TOGETHER = 1000
"""How many combinations of parameters are read before anybody is graded."""


def _parameters(values: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(values.get("seed", ""), str):
        raise Wrong("must be a text", "parameters", "seed")
    for name, one in values.items():
        texts = isinstance(one, list) and one and all(isinstance(text, str) for text in one)
        if name != "seed" and not texts:
            raise Wrong("is not a list of texts", "parameters", name)
    return values


Points = Annotated[int, Field(ge=0)]


class TaskTable(Table):
    """A task of an exercise of the team's own."""

    id: Text
    title: Text
    check: Text
    points: Points


class OwnTable(Table):
    """An exercise of the team's own: the files lie beside the catalogue."""

    id: Text
    title: Text
    starter: Text
    contract: Text
    tables: Text | None = Field(default=None, alias="schema")
    task: list[TaskTable] = Field(min_length=1)


class CatalogueFile(Table):
    """All that a catalogue may have."""

    exercises: list[Text] = Field(default_factory=list)
    points: dict[str, dict[str, Points]] = Field(default_factory=dict)
    parameters: Annotated[dict[str, Any], AfterValidator(_parameters)] = Field(default_factory=dict)
    exercise: list[OwnTable] = Field(default_factory=list)


NEXT = "mend what is named; docs/GRADING.md has the form."


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
    """What is graded: ids of `exercises` (none: those that are answered), `points` by exercise and
    task, the values that each of the `parameters` may have, and exercises of the team's `own` by
    id. The default is the course as it is."""

    exercises: tuple[str, ...] = ()
    points: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seed: str = ""
    own: Mapping[str, Own] = field(default_factory=dict)

    def spec(self, id: str, learner: str = "") -> Spec:
        """An exercise as this learner has it, with this catalogue's points. Raises FactorLabError for an
        id that nobody has."""
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
            id=own.id,
            files=tuple(starter),
            tasks=own.tasks,
            hints=(),
            own_title=own.title,
            contract=contract_of(self.filled(own.contract, learner), own.id, own.schema),
            own_starter=starter,
        )


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue. Raises FactorLabError that names each entry that cannot be used."""
    try:
        text = read_text(path)
        file = hold(parse(text), CatalogueFile, text)
        parameters = {**file.parameters}
        seed = parameters.pop("seed", "")
        found = Catalogue(
            exercises=tuple(file.exercises),
            points=file.points,
            parameters=parameters,
            seed=seed,
            own={entry.id: _own(entry, path.parent) for entry in file.exercise},
        )
        if len(found.own) < len(file.exercise):
            raise ValueError("two exercises have the same id")
        _validate(found)
    except (OSError, ValueError) as error:
        raise unusable(f"The catalogue {path}", error, NEXT) from error
    return found


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _own(entry: OwnTable, folder: Path) -> Own:
    starter = read_folder(folder / entry.starter)
    if not starter:
        raise ValueError(f"the folder {entry.starter} holds no starter of {entry.id}")
    return Own(
        id=entry.id,
        title=entry.title,
        starter=starter,
        contract=read_text(folder / entry.contract),
        schema=read_text(folder / entry.tables) if entry.tables else "",
        tasks=tuple(Task(t.id, t.title, t.check, t.points) for t in entry.task),
    )


def _validate(found: Catalogue) -> None:
    """Raise ValueError, or FactorLabError, for what would only be noticed while grading."""
    ids = {entry.id for entry in course.exercises()}
    if taken := ids & set(found.own):
        raise ValueError(f"{min(taken)} is an exercise of the course: give yours another id")
    for own in found.own.values():
        for task in own.tasks:
            find(task.question)
        _validate_contract(found, own)
    for id in (*found.exercises, *found.points, *found.own):
        _validate_tasks(found.spec(id), set(found.points.get(id, ())))


def _validate_contract(found: Catalogue, own: Own) -> None:
    """Read the contract with each value of each parameter in it, and then, where these are not too
    many, with all that some learner can have together."""
    usual = found.values("")
    used = {n: values for n, values in found.parameters.items() if f"{{{{{n}}}}}" in own.contract}
    choices = [{name: value} for name, values in used.items() for value in values]
    if len(used) > 1 and prod(len(values) for values in used.values()) <= TOGETHER:
        choices += [dict(zip(used, chosen, strict=True)) for chosen in product(*used.values())]
    for chosen in choices:
        text = _filled(own.contract, {**usual, **chosen})
        filled_in = ", ".join(f"{name} = '{value}'" for name, value in chosen.items())
        contract_of(text, f"{own.id} with {filled_in}", own.schema)


def _validate_tasks(spec: Spec, named: set[str]) -> None:
    known = {task.id for task in spec.tasks}
    if unknown := named - known:
        raise ValueError(f"{spec.id} has no task '{min(unknown)}'; it has {', '.join(known)}")
    if len(known) < len(spec.tasks) or not known:
        raise ValueError(f"{spec.id} needs tasks, each with an id of its own")
