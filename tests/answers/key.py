"""The judged answers of an exercise. `ID.toml` says of each on what it is based, what it changes, which tasks it must
fail and with which words, and why a sensible person writes it.

A change is shown where it is: `edit` puts lines in the place of others, `whole` gives a short file anew, `untouched`
leaves files as the starter has them, `files` names those that are another program and lie in `ID/NAME/`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from factorlab import course
from factorlab.course import starter
from factorlab.exercises.exercise import solution_files
from factorlab.exercises.judging import Outcome
from factorlab.toml import Table, Text, Wrong, hold, near, parse, read_text, unusable

HERE = Path(__file__).parent
BASES = ("starter", "solution")


def _lines(text: str) -> str:
    """Whole lines; the end of the last one may be left out."""
    return text if not text or text.endswith("\n") else text + "\n"


Lines = Annotated[str, AfterValidator(_lines)]


class Edit(Table):
    """Lines that stand in a file exactly once, and those that are put in their place."""

    file: Text
    old: Annotated[Lines, Field(min_length=1)]
    new: Lines


class Whole(Table):
    """A short file, new or instead of the one that is there."""

    file: Text
    text: Lines


class Base(Table):
    """What several answers are based on: the starter or the solution with a change that is no mistake."""

    name: Text
    base: Text
    untouched: list[Text] = Field(default_factory=list)
    edit: list[Edit] = Field(default_factory=list)
    whole: list[Whole] = Field(default_factory=list)
    files: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not (self.untouched or self.edit or self.whole or self.files):
            raise Wrong("has neither edits nor files: it changes nothing")
        return self


class Answer(Base):
    """An answer: task -> the words that must be seen, for the tasks that it fails and those in which it is in error.
    (Where no words are asked for, they are empty.) It passes all others."""

    name: Annotated[str, Field(pattern=r"^(right|wrong)-[a-z0-9-]+$")]
    why: Text
    fails: dict[str, str] = Field(default_factory=dict)
    errors: dict[str, str] = Field(default_factory=dict)

    @property
    def seen(self) -> dict[str, str]:
        """The words that must be seen, for each task that has some."""
        return {task: words for task, words in {**self.fails, **self.errors}.items() if words}

    def outcome(self, task: str) -> Outcome:
        """What a task must come to."""
        if task in self.fails:
            return Outcome.FAILED
        return Outcome.ERROR if task in self.errors else Outcome.PASSED


class Key(Table):
    """The file of one exercise."""

    base: list[Base] = Field(default_factory=list)
    answer: list[Answer]

    @model_validator(mode="after")
    def _each_on_one_above(self) -> Self:
        above = list(BASES)
        for one in (*self.base, *self.answer):
            if one.name in above:
                raise Wrong(f"has the name '{one.name}' a second time")
            if one.base not in above:
                raise Wrong(
                    f"has '{one.name}' on '{one.base}', which is not above it; {near(one.base, above)}"
                )
            above.append(one.name)
        return self

    def named(self, name: str) -> Base:
        """The answer, or what answers are based on, of this name."""
        return next(one for one in (*self.base, *self.answer) if one.name == name)


@cache
def key(exercise: str) -> Key:
    """The judged answers of an exercise. Raises FactorLabError that names each mistake with its line."""
    path = HERE / f"{exercise}.toml"
    try:
        text = read_text(path)
        return hold(parse(text), Key, text)
    except (OSError, ValueError) as error:
        raise unusable(path.name, error, "CONTRIBUTING.md says how an answer is added.") from error


def names() -> list[str]:
    """All answers of the course, as `III-1/wrong-port-fixed`."""
    return sorted(
        f"{entry.id}/{one.name}" for entry in course.exercises() for one in key(entry.id).answer
    )


@cache
def answer(name: str) -> Answer:
    """The answer that `names` has under this name."""
    exercise, _, own = name.partition("/")
    return next(one for one in key(exercise).answer if one.name == own)


def files(name: str) -> dict[str, str]:
    """The files of an answer, file name -> text; those that it does not change are the starter's or the solution's.
    Raises ValueError for a change that cannot be made."""
    exercise, _, own = name.partition("/")
    if own in BASES:
        return starter(exercise) | (solution_files(exercise) if own == "solution" else {})
    one = key(exercise).named(own)
    try:
        return changed(one, files(f"{exercise}/{one.base}"), starter(exercise), HERE / name)
    except (OSError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from error


def changed(
    one: Base, base: Mapping[str, str], starter: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """The files of the base with the changes of an answer, whose whole files lie in the folder.
    Raises ValueError, or OSError, for a change that cannot be made or that changes nothing."""
    found = dict(base)
    for file, text in _changes(one, found, starter, folder):
        if found.get(file) == text:
            raise ValueError(f"{file} stays as it was")
        found[file] = text
    return found


def _changes(
    one: Base, found: Mapping[str, str], starter: Mapping[str, str], folder: Path
) -> Iterator[tuple[str, str]]:
    """Files with their new texts, one after the other: an edit sees what those before it have made."""
    for file in one.untouched:
        yield file, _text(file, starter)
    for edit in one.edit:
        yield edit.file, _edited(_text(edit.file, found), edit)
    for whole in one.whole:
        yield whole.file, whole.text
    for file in one.files:
        yield file, read_text(folder / file)


def _text(file: str, files: Mapping[str, str]) -> str:
    if file not in files:
        raise ValueError(f"there is no {file} to begin with; {near(file, files)}")
    return files[file]


def _edited(text: str, edit: Edit) -> str:
    places = [
        found.start() for found in re.finditer(f"^(?={re.escape(edit.old)})", text, re.MULTILINE)
    ]
    if len(places) != 1:
        raise ValueError(f"{edit.file} has these lines {len(places)} times, not once:\n{edit.old}")
    return text[: places[0]] + edit.new + text[places[0] + len(edit.old) :]
