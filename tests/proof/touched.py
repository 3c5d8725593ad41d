"""What a change touches: from files to the parts of the proof.

A module touches what imports it, directly or not (grimp has the graph). Checks and exercises are
found by name when the course runs, which no import shows: a check touches the lessons, exercises
and audits that ask it, a module of an exercise the part of its factor.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import grimp

from factorlab import course
from factorlab.audit.questions import asked
from factorlab.questions.question import find
from factorlab.questions.spec import module_of, spec
from proof.parts import FACTORS, PLACES, of_exercise, of_lesson

ROOMS = {
    "audit": "audit",
    "grading": "grading",
    "formats": "grading",
    "panels": "browser",
    "lab": "lab",
    "engine": "lab",
}
"""Package below factorlab -> the part beside the factors that proves it."""
FOR_ALL = {"factorlab.lesson", "factorlab.lab.lab", "factorlab.exercises.judging"}
"""What every lesson or exercise stands on: a change that reaches one of these reaches everything."""
EVERYWHERE = (
    "images/",
    "tests/conftest.py",
    "tests/proof/",
    "pyproject.toml",
    "requirements",
    "Makefile",
    ".ci/",
    "course.toml",
    "environment.yml",
)
"""Files that stand below everything, by the beginning of their names."""
READ_FOR = {"tests/answers/key.py": "tests/answers/test_answers.py"}
"""A helper -> the tests that are nothing without it."""
ASKED = re.compile(r"\.ask\(\s*\\?[\"']([a-z0-9-]+)")


@dataclass
class Touched:
    """The parts, the test files and whether the change may have reached everything, and why."""

    parts: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)
    everything: list[str] = field(default_factory=list)
    """The files that reach everything; `make prove` is owed for these."""


def touched(files: Iterable[str]) -> Touched:
    """What a change of these files touches."""
    found = Touched()
    modules = set()
    for file in files:
        if file.startswith("src/factorlab/") and file.endswith(".py"):
            modules.add(file)
        elif file.startswith(EVERYWHERE):
            found.everything.append(file)
        else:
            _by_name(file, found)
    for file in sorted(modules):
        _by_imports(file, found)
    return found


def _by_name(file: str, found: Touched) -> None:
    file = READ_FOR.get(file, file)
    for lesson in course.lessons():
        if re.match(rf"(notebooks|solutions|exercises|apps)/{re.escape(lesson.name)}[./]", file):
            found.parts.add(of_lesson(lesson))
    for entry in course.exercises():
        if re.match(rf"tests/answers/{entry.id}[./]", file):
            found.parts.add(of_exercise(entry.id))
    if re.match(r"tests/.*/test_\w+\.py$", file):
        if (course.root() / file).is_file():
            found.tests.add(file)
    elif file.startswith("tests/") and not file.startswith("tests/answers/"):
        found.parts |= {part for place, part in PLACES.items() if file.startswith(place)}


def _by_imports(file: str, found: Touched) -> None:
    """A module that is gone has nothing left that imports it: what imported it has changed too."""
    name = file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    graph = _graph()
    reached = {name} | (graph.find_downstream_modules(name) if name in graph.modules else set())
    if reached & FOR_ALL:
        found.everything.append(file)
        found.parts |= _room(name)
        return
    for module in reached:
        found.parts |= _room(module) | _asked_by().get(module, set())


def _room(module: str) -> set[str]:
    room = module.removeprefix("factorlab.").partition(".")[0]
    return {ROOMS[room]} if room in ROOMS else set()


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("factorlab", cache_dir=None)


@cache
def _asked_by() -> dict[str, set[str]]:
    """Module of a check or of an exercise -> the parts in which it is asked."""
    found: dict[str, set[str]] = {}

    def add(module: str, part: str) -> None:
        found.setdefault(module, set()).add(part)

    for entry in course.exercises():
        exercise = spec(entry.id)
        add(module_of(entry.id), of_exercise(entry.id))
        for task in exercise.tasks:
            add(find(task.question).run.__module__, of_exercise(entry.id))
    for lesson in course.lessons():
        for id in ASKED.findall(lesson.notebook.read_text(encoding="utf-8")):
            add(find(id).run.__module__, of_lesson(lesson))
    for question in asked().values():
        add(question.run.__module__, "audit")
    return found


def all_factors(parts: Iterable[str]) -> bool:
    """Whether every factor is among these parts."""
    return set(FACTORS) <= set(parts)
