"""The exercise notebooks and their starters, made from the solution notebooks.

Dropping the cells tagged `solution` and clearing outputs: nothing else. Run with `--check`, it
only says whether what is there is what would be made.
"""

import json
import sys
from typing import Any

from factorlab import course
from factorlab.exercises.answer_files import ANSWER_HEAD

Notebook = dict[str, Any]


def exercise_of(solution: Notebook) -> Notebook:
    """The exercise notebook that a solution notebook holds."""
    cells = [_cleared(cell) for cell in solution["cells"] if not is_solution(cell)]
    return {**solution, "cells": cells}


def starters_of(solution: Notebook) -> dict[str, dict[str, str]]:
    """Exercise id -> file -> text of the starter cells."""
    found: dict[str, dict[str, str]] = {}
    for cell in solution["cells"]:
        head, _, body = "".join(cell["source"]).partition("\n")
        if (
            cell["cell_type"] == "code"
            and (match := ANSWER_HEAD.match(head))
            and not is_solution(cell)
        ):
            exercise, _, file = match[1].partition("/")
            found.setdefault(exercise, {})[file] = body if body.endswith("\n") else body + "\n"
    return found


def is_solution(cell: Notebook) -> bool:
    """Whether a cell is dropped from the exercise."""
    return "solution" in cell["metadata"].get("tags", [])


def _cleared(cell: Notebook) -> Notebook:
    return {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell


def generated() -> dict[str, str]:
    """All generated files, by path relative to the course, with their text."""
    files: dict[str, str] = {}
    starters: dict[str, dict[str, str]] = {}
    for lesson in course.lessons():
        if lesson.exercises:
            solution = json.loads(lesson.solution_notebook.read_text())
            path = lesson.exercise_notebook.relative_to(course.root()).as_posix()
            files[path] = _dump(exercise_of(solution))
            starters |= starters_of(solution)
    files["exercises/starters.json"] = _dump(starters)
    return files


def _dump(data: object) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the generated files, or with `--check` compare; returns the exit status."""
    stale = [
        path
        for path, text in generated().items()
        if not (course.root() / path).is_file() or (course.root() / path).read_text() != text
    ]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path} is not what `make exercises` makes from solutions/.")
        return 1 if stale else 0
    for path in stale:
        target = course.root() / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(generated()[path])
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
