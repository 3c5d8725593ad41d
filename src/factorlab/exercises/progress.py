"""How far a learner is: one small file for each exercise, written whole and by one at a time.

A file that cannot be read (a broken disk, a newer version) counts as empty and is kept aside.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from factorlab import course
from factorlab.exercises.lock import alone
from factorlab.workspace import write_whole

_UPGRADES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
"""What turns a file of version 1 into one of version 2, of 2 into 3, and so on: one function for
each step, none ever removed, so that the oldest file is still read."""

_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def _version() -> int:
    return 1 + len(_UPGRADES)


@dataclass
class Progress:
    """One exercise: the latest outcome of each task, and how many hints were taken. A task that
    was passed once stays passed until the exercise is reset."""

    outcomes: dict[str, str] = field(default_factory=dict)
    hints: int = 0
    version: int = field(default_factory=_version)


def read(exercise: str) -> Progress:
    """The progress on an exercise; empty when there is none."""
    if not _path(exercise).exists():
        return Progress()
    with alone(_folder()):
        return _read(_path(exercise))


@contextmanager
def changing(exercise: str) -> Iterator[Progress]:
    """The progress, to be changed inside the `with`; it is kept at the end. Whoever else wants to
    change it waits, so that no change is lost. Raises FactorLabError when it cannot be written."""
    with alone(_folder()):
        state = _read(_path(exercise))
        yield state
        write_whole(_path(exercise), json.dumps(asdict(state), indent=1) + "\n")


def record(exercise: str, outcomes: Mapping[str, str]) -> None:
    """Keep the latest outcomes of some tasks. What the machine prevented is not kept, and a pass
    is not taken back: an older copy of an answer, judged in another notebook, proves nothing."""
    with changing(exercise) as state:
        for task, outcome in outcomes.items():
            if outcome != "environment" and state.outcomes.get(task) != "passed":
                state.outcomes[task] = outcome


def forget(exercise: str) -> None:
    """Begin an exercise anew: no outcomes, no hints taken."""
    with changing(exercise) as state:
        state.outcomes.clear()
        state.hints = 0


def _folder() -> Path:
    return course.work() / "progress"


def _path(exercise: str) -> Path:
    return _folder() / f"{exercise}.json"


def _read(path: Path) -> Progress:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version = data.get("version", 1)
        if version > _version():
            raise ValueError("written by a newer version of the course")
        for upgrade in _UPGRADES[version - 1 :]:
            data = upgrade(data)
        known = {str(k): str(v) for k, v in dict(data["outcomes"]).items()}
        return Progress(known, max(0, int(data.get("hints", 0))))
    except FileNotFoundError:
        return Progress()
    except _UNREADABLE:
        with suppress(OSError):  # a folder that is not ours: then it only counts as empty
            path.replace(path.with_suffix(".json.unreadable"))
        return Progress()
