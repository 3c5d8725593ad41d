"""The form of `course.toml`. A test holds the file to it; at run time it says what is wrong with one
that cannot be read."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from factorlab.errors import FactorLabError
from factorlab.toml import Table, Text, hold, parse, read_text, unusable

Minutes = Annotated[int, Field(ge=1)]


class ExerciseTable(Table):
    """An exercise of a lesson."""

    id: Text
    title: Text
    minutes: Minutes


class LessonTable(Table):
    """A lesson, its variants and exercises."""

    name: Text
    title: Text
    factor: str = ""
    tier: Literal["start", "critical", "important", "context", "modern", "own"]
    minutes: Minutes
    objectives: list[Text] = Field(default_factory=list)
    variants: list[Text] = Field(default_factory=list)
    exercise: list[ExerciseTable] = Field(default_factory=list)


class CourseFile(Table):
    """All lessons in their order."""

    lesson: list[LessonTable] = Field(min_length=1)


def read(path: Path) -> CourseFile:
    """The file, held to its form. Raises ValueError that names each mistake."""
    text = read_text(path)
    return hold(parse(text), CourseFile, text)


def why_not(path: Path, error: Exception) -> FactorLabError:
    """Why it cannot be read, in words."""
    try:
        read(path)
    except (OSError, ValueError) as told:
        error = Exception(told)
    return unusable(
        f"The catalogue {path.name}", error, "mend what is named, or get the file anew."
    )
