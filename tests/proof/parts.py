"""The parts of the proof, and which part a test belongs to: exactly one, by where it lies, by the
lesson or exercise that it is about, or by the marker `part`."""

from typing import Protocol

import pytest

from factorlab import course


class Part(str):
    """The name of a part, such as `ix`, with what it proves."""

    proves: str

    def __new__(cls, name: str, proves: str) -> "Part":
        """A text that knows what it stands for."""
        part = super().__new__(cls, name)
        part.proves = proves
        return part


def of_lesson(lesson: course.Lesson) -> str:
    """`iii` for lesson 01; `start` and `own` for the lessons without a factor."""
    return (lesson.factor or lesson.tier).lower()


def of_exercise(id: str) -> str:
    """`iii` for III-1."""
    return of_lesson(course.lesson(course.exercise(id).lesson))


FACTORS = {
    of_lesson(lesson): Part(of_lesson(lesson), f"lesson {lesson.name[:2]} and its exercises")
    for lesson in course.lessons()
}
"""A part for each lesson: the lesson, its solutions, its sheet, its answers, its engine tests."""
BESIDE = {
    part: part
    for part in (
        Part("unit", "all that needs no container engine"),
        Part("lab", "isolation, clean-up, images, router, services"),
        Part("grading", "a class, hostile submissions, the workflows"),
        Part("audit", "apps that no lesson made"),
        Part("browser", "JupyterLab in Chromium"),
    )
}
PARTS: dict[str, Part] = {**{"unit": BESIDE["unit"]}, **FACTORS, **BESIDE}
"""All parts, in the order in which they are proved."""
FLOOR = ("unit", "start", "iii")
"""The parts that `make test` always proves, with single tests of others marked `floor`."""

PLACES = {
    "tests/unit/": "unit",
    "tests/engine/": "lab",
    "tests/grading/": "grading",
    "tests/audit/": "audit",
    "tests/browser/": "browser",
}


class Item(Protocol):
    """What is needed of a pytest item."""

    nodeid: str

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        """The nearest marker of that name."""


def part_of(item: Item) -> str | None:
    """The part of a test, or None if nothing says it."""
    if marker := item.get_closest_marker("part"):
        return PARTS.get(marker.args[0])
    for place, part in PLACES.items():
        if item.nodeid.startswith(place):
            return part
    about = getattr(item, "callspec", None)
    return next(filter(None, map(_about, about.params.values())), None) if about else None


def _about(value: object) -> str | None:
    if isinstance(value, course.Lesson):
        return of_lesson(value)
    if isinstance(value, str):
        exercise = value.partition("/")[0]
        if exercise in {entry.id for entry in course.exercises()}:
            return of_exercise(exercise)
    return None
