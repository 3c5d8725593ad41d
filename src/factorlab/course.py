"""The catalogue: lessons in their order, their factor, tier, objectives, minutes and exercises.

One data file, `course.toml`, holds it all; a test holds the tree to it both ways.
"""

import json
import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from factorlab.errors import FactorLabError

TIERS = {
    "start": "Start",
    "critical": "Critical",
    "important": "Important",
    "context": "Nice to have, context-dependent",
    "modern": "What a rewrite today would add",
    "own": "Your own app",
}


@dataclass(frozen=True)
class ExerciseEntry:
    """One exercise in the catalogue: `id` such as III-1, estimated `minutes`."""

    id: str
    title: str
    minutes: int
    lesson: str


@dataclass(frozen=True)
class Lesson:
    """One lesson in the catalogue; `variants` are the folders in `apps/NAME/`."""

    name: str
    title: str
    factor: str
    tier: str
    minutes: int
    objectives: tuple[str, ...]
    variants: tuple[str, ...]
    exercises: tuple[ExerciseEntry, ...]

    @property
    def notebook(self) -> Path:
        return root() / "notebooks" / f"{self.name}.ipynb"

    @property
    def exercise_notebook(self) -> Path:
        return root() / "exercises" / f"{self.name}.ipynb"

    @property
    def solution_notebook(self) -> Path:
        return root() / "solutions" / f"{self.name}.ipynb"

    @property
    def apps(self) -> Path:
        return root() / "apps" / self.name


@cache
def root() -> Path:
    """The folder of the course: FACTORLAB_ROOT, or the checkout that this package lies in, or
    the nearest folder upwards with a course.toml. Raises FactorLabError when there is none."""
    named = os.environ.get("FACTORLAB_ROOT")
    places = (
        [Path(named)]
        if named
        else [Path(__file__).resolve().parents[2], Path.cwd(), *Path.cwd().parents]
    )
    for place in places:
        if (place / "course.toml").is_file():
            return place
    raise FactorLabError(
        "The files of the course were not found.",
        why=f"Looked for course.toml in {places[0]}" + ("" if named else " and from here upwards."),
        next="run this inside a copy of the course, or set FACTORLAB_ROOT to its folder.",
    )


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in the order in which they are taught. Raises FactorLabError that names each
    mistake in the file, with its line."""
    path = root() / "course.toml"
    try:
        return tuple(_lesson(entry) for entry in tomllib.loads(path.read_text("utf-8"))["lesson"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        from factorlab.course_file import why_not  # every command reads this file, none the library

        raise why_not(path, error) from error


def lesson(name: str) -> Lesson:
    """A lesson by name (`01-config`), number (`01`) or factor (`III`)."""
    for entry in lessons():
        if name in (entry.name, entry.name.partition("-")[0], entry.factor or None):
            return entry
    known = ", ".join(entry.name for entry in lessons())
    raise FactorLabError(f"There is no lesson '{name}'.", next=f"choose one of: {known}.")


def exercise(id: str) -> ExerciseEntry:
    """An exercise of the catalogue by its id, such as III-1."""
    for entry in exercises():
        if entry.id == id:
            return entry
    known = ", ".join(entry.id for entry in exercises())
    raise FactorLabError(f"There is no exercise '{id}'.", next=f"choose one of: {known}.")


def exercises() -> tuple[ExerciseEntry, ...]:
    """All exercises in the order of their lessons."""
    return tuple(entry for item in lessons() for entry in item.exercises)


def starter(exercise: str) -> dict[str, str]:
    """The starter of an exercise: file name -> text, as it was handed out."""
    return dict(_starters().get(exercise, {}))


@cache
def _starters() -> dict[str, dict[str, str]]:
    path = root() / "exercises" / "starters.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def work() -> Path:
    """The learner's folder, where answers and progress are kept: FACTORLAB_WORK or `work/`."""
    named = os.environ.get("FACTORLAB_WORK")
    return Path(named) if named else root() / "work"


def begin(name: str) -> None:
    """Remember that a lesson was begun. A folder that cannot be written stops nobody's lesson."""
    mark = _begun_mark(name)
    with suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def begun(name: str) -> bool:
    """Whether a lesson was begun on this machine."""
    return _begun_mark(name).exists()


def _begun_mark(name: str) -> Path:
    return work() / "progress" / f"{name}.begun"


def _lesson(entry: dict[str, Any]) -> Lesson:
    return Lesson(
        name=entry["name"],
        title=entry["title"],
        factor=entry.get("factor", ""),
        tier=entry["tier"],
        minutes=entry["minutes"],
        objectives=tuple(entry.get("objectives", ())),
        variants=tuple(entry.get("variants", ())),
        exercises=tuple(
            ExerciseEntry(item["id"], item["title"], item["minutes"], entry["name"])
            for item in entry.get("exercise", ())
        ),
    )
