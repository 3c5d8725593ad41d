"""Results as plain data."""

import json
from collections.abc import Sequence

from factorlab.exercises.judging import Result


def describe(results: Sequence[Result]) -> str:
    """Results as JSON, exercise by exercise: what `factorlab check --json` prints.

    `{"earned": int, "points": int, "exercises": {id: [task, …]}}`; a task has `task`, `title`,
    `outcome`, `points`, `earned`, and what was asked, expected and seen.
    """
    exercises: dict[str, list[dict[str, object]]] = {}
    for result in results:
        exercises.setdefault(result.exercise, []).append(result.as_dict())
    return json.dumps(
        {
            "earned": sum(result.earned for result in results),
            "points": sum(result.task.points for result in results),
            "exercises": exercises,
        },
        indent=2,
        ensure_ascii=False,
    )
