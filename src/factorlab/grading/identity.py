"""Whose a submission is, from the name of its folder or file."""

import re
import unicodedata
from collections.abc import Callable

from factorlab import course
from factorlab.errors import FactorLabError

Whose = Callable[[str, str], str]
"""(path of a file below what was named, name of the folder or zip file around it) -> learner."""
LEARNER_LENGTH = 80
MOODLE = re.compile(r"^(?P<learner>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_")
"""`Mia Meier_1234_assignsubmission_file_`: the folder that Moodle makes for a learner; without
folders, what it puts before the name of a file."""
CANVAS = re.compile(r"^(?P<learner>[^_]+)(_LATE)?_(?P<number>\d+)_\d+_")
"""`meiermia_1234_56789_01-config.ipynb`: the file that Canvas makes of a learner's."""


def by_rule(path: str, around: str) -> str:
    """The first folder of the path; of a single file its name, without that of the lesson; of a
    folder or a file that has only the name of an exercise or a lesson, what is around it."""
    first, _, rest = path.partition("/")
    if match := MOODLE.match(first) or (None if rest else CANVAS.match(first)):
        return clean(match["learner"])
    stem = first
    if not rest:
        stem = first.rpartition(".")[0] or first
        for lesson in course.lessons():
            stem = stem.replace(lesson.name, "")
        stem = re.sub(r"\(\d+\)$", "", stem).strip(" ._-")
    names_no_learner = any(stem == exercise.id for exercise in course.exercises())
    return clean(("" if names_no_learner else stem) or around or first)


def number(path: str) -> str:
    """The number that a platform gives a learner, or nothing: it tells two apart who have the same
    name."""
    first, _, rest = path.partition("/")
    match = MOODLE.match(first) or (None if rest else CANVAS.match(first))
    return match["number"] if match else ""


def by_pattern(pattern: str) -> Whose:
    """Whose, by a regular expression that is searched in the path: its group `learner`, or its
    first. A file that it does not match stands under its own path. Raises FactorLabError when it
    is not a pattern with a group."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise FactorLabError(
            f"'{pattern}' is not a regular expression.",
            why=str(error),
            next=r"for instance: --learner '^(?P<learner>[^/]+)/'",
        ) from error
    if not compiled.groups:
        raise FactorLabError(
            f"'{pattern}' has no group that says which part is the learner.",
            next=r"put that part in parentheses: --learner '^([^/]+)/'",
        )
    group: str | int = "learner" if "learner" in compiled.groupindex else 1

    def whose(path: str, around: str) -> str:
        match = compiled.search(path)
        return clean(match[group] or path if match else path)

    return whose


def clean(name: str) -> str:
    """A learner's name as it is printed: one spelling for what looks the same, no control
    characters, not too long."""
    text = unicodedata.normalize("NFC", name.encode(errors="replace").decode())
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return re.sub(r"\s+", " ", text).strip()[:LEARNER_LENGTH] or "unnamed"
