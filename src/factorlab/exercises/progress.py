"""How far a learner is: one small file for each exercise, so two notebooks never write the same.

A file that cannot be read (a broken disk, a newer version) counts as empty and is kept aside.
"""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from factorlab import course
from factorlab.exercises.answers import write_whole

VERSION = 1


@dataclass
class Progress:
    """One exercise: the last outcome of each task, and how many hints were taken."""

    outcomes: dict[str, str] = field(default_factory=dict)
    hints: int = 0
    version: int = VERSION


def _path(exercise: str) -> Path:
    return course.work() / "progress" / f"{exercise}.json"


def read(exercise: str) -> Progress:
    """The progress on an exercise; empty when there is none."""
    path = _path(exercise)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.get("version", VERSION) > VERSION:
            raise ValueError("written by a newer version")
        known = {str(k): str(v) for k, v in dict(data["outcomes"]).items()}
        return Progress(known, int(data.get("hints", 0)))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        with suppress(OSError):  # a folder that is not ours: then it only counts as empty
            path.replace(path.with_suffix(".json.unreadable"))
        return Progress()


def write(exercise: str, progress: Progress) -> None:
    """Keep the progress, in one step."""
    write_whole(_path(exercise), json.dumps(asdict(progress), indent=1) + "\n")


def record(exercise: str, outcomes: dict[str, str]) -> None:
    """Keep the latest outcomes of some tasks; what the machine prevented is not kept."""
    progress = read(exercise)
    progress.outcomes |= {k: v for k, v in outcomes.items() if v != "environment"}
    write(exercise, progress)
