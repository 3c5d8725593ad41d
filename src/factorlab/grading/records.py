"""What was judged, kept: one JSON file for each learner and exercise, so that a run that was
interrupted goes on where it was, and an answer that is the same is not judged again."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from factorlab import __version__, course
from factorlab.exercises.judging import Outcome
from factorlab.factors.vii_port_binding import neighbor
from factorlab.factors.viii_concurrency import mail_rig
from factorlab.questions.spec import Spec
from factorlab.workspace import write_whole

PACKAGE = Path(course.__file__).parent
ROOMS = ("engine", "exercises", "factors", "lab", "questions")
BESIDE = ((mail_rig.LESSON, mail_rig.VARIANT), (neighbor.LESSON, neighbor.VARIANT))
Task = dict[str, Any]
"""One task's result as plain data: what `Result.as_dict` gives."""


@dataclass(frozen=True)
class Records:
    """Results by learner and exercise, in a folder."""

    folder: Path

    def find(self, learner: str, exercise: str, key: str) -> list[Task] | None:
        """The results of this very answer under this very grader, or None."""
        try:
            found = json.loads(self._path(learner, exercise).read_text(encoding="utf-8"))
            return found["tasks"] if found["key"] == key else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, learner: str, exercise: str, key: str, tasks: list[Task]) -> None:
        """Keep results. Those for which the machine is to blame are nobody's: they are not kept.
        Raises FactorLabError when the disk refuses."""
        if all(task["outcome"] != Outcome.ENVIRONMENT for task in tasks):
            text = json.dumps({"key": key, "learner": learner, "tasks": tasks}, indent=1)
            write_whole(self._path(learner, exercise), text + "\n")

    def _path(self, learner: str, exercise: str) -> Path:
        return self.folder / file_name(learner) / f"{exercise}.json"


def key_of(spec: Spec, files: Mapping[str, str]) -> str:
    """What an answer is known by: its files, what is asked of it, and the version of the grader.
    Points are no part of it: they are counted when a gradebook is made."""
    questions = [[task.id, task.question] for task in spec.tasks]
    content = json.dumps([grader(), spec.id, repr(spec.contract), questions, sorted(files.items())])
    return hashlib.sha256(content.encode()).hexdigest()


@cache
def grader() -> str:
    """The version of the grader: the package's own, and a fingerprint of all that can change a
    verdict. A word on a page does not make a whole class be judged again."""
    digest = hashlib.sha256()
    for folder, path in _deciding_files():
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    digest.update(repr([(entry.id, entry.lesson) for entry in course.exercises()]).encode())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _deciding_files() -> Iterator[tuple[Path, Path]]:
    """The files that decide, each with the folder that it is named in: the questions and what they
    stand on, the images, the starters, the apps that questions start beside an answer, and the tables."""
    root = course.root()
    folders = [(PACKAGE, f"{room}/**/*.py") for room in ROOMS]
    folders += [(PACKAGE, "errors.py"), (PACKAGE, "waiting.py")]
    folders += [(root / "images", "**/*"), (root / "exercises", "**/*.json")]
    folders += [(root / "apps", f"{lesson}/{variant}/**/*") for lesson, variant in BESIDE]
    folders.append((root / "apps", "*/schema.sql"))
    for folder, pattern in folders:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                yield folder, path


def file_name(learner: str) -> str:
    """A learner's name as the name of a file, on any system: two learners never share one."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", learner.lower()).strip("-.")[:40]
    if plain and plain == learner:
        return plain
    return f"{plain or 'learner'}-{hashlib.sha256(learner.encode()).hexdigest()[:8]}"
