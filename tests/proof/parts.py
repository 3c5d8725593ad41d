"""The parts of the proof, and which part a test belongs to: exactly one, by where it lies, by the
lesson or exercise that it is about, or by the marker `part`."""

from typing import Protocol

import pytest

from factorlab import course


def of_lesson(lesson: course.Lesson) -> str:
    """`iii` for lesson 01; `start` and `own` for the lessons without a factor."""
    return (lesson.factor or lesson.tier).lower()


def of_exercise(id: str) -> str:
    """`iii` for III-1."""
    return of_lesson(course.lesson(course.exercise(id).lesson))


FACTORS = {
    of_lesson(lesson): f"lesson {lesson.name[:2]} and its exercises" for lesson in course.lessons()
}
"""A part for each lesson: the lesson, its solutions, its sheet, its answers, its engine tests."""
BESIDE = {
    "unit": "all that needs no container engine",
    "lab": "isolation, clean-up, images, router, services",
    "grading": "a class, hostile submissions, the workflows",
    "audit": "apps that no lesson made",
    "browser": "JupyterLab in Chromium",
}
PARTS = {"unit": BESIDE["unit"], **FACTORS, **BESIDE}
"""All parts and what each proves, in the order in which they are proved."""
FLOOR = ("unit", "start", "iii")
"""The parts that `make test` always proves, with single tests of others marked `floor`."""

PLACES = {
    "tests/unit/": "unit",
    "tests/engine/": "lab",
    "tests/grading/": "grading",
    "tests/audit/": "audit",
    "tests/browser/": "browser",
}


def folders_of(part: str) -> tuple[str, ...]:
    """The folders in which the tests of a part lie: no others have to be collected for it, which
    takes two CPU seconds for each process."""
    return WHERE.get(part, ("tests/notebooks", "tests/answers", "tests/engine"))


WHERE = {
    "unit": ("tests/unit", "tests/notebooks", "tests/answers"),
    "lab": ("tests/engine",),
    "grading": ("tests/grading",),
    "audit": ("tests/audit",),
    "browser": ("tests/browser",),
}
"""Of the parts that are no factor's."""


class Item(Protocol):
    """What is needed of a pytest item."""

    nodeid: str

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        """The nearest marker of that name."""


def part_of(item: Item) -> str | None:
    """The part of a test, or None if nothing says it."""
    if marker := item.get_closest_marker("part"):
        return marker.args[0] if marker.args[0] in PARTS else None
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
