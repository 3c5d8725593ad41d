"""The starter of an exercise as files: laid out for whoever begins, brought back for a new start."""

import time
from dataclasses import dataclass
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises import answer_files, progress
from factorlab.workspace import write_whole

COPIES = ".copies"
"""The folder beside an answer that keeps what a reset replaced."""


@dataclass(frozen=True)
class Reset:
    """What a reset did: the starter's `files`, and the folder in which yours are `kept`, if there
    were any."""

    exercise: str
    files: dict[str, str]
    kept: Path | None

    @property
    def said(self) -> str:
        """In one line or two."""
        lines = [f"The starter of {self.exercise} is back in {answer_files.folder(self.exercise)}."]
        if self.kept:
            lines.append(f"Your files are kept in {self.kept}.")
        return "\n".join(lines)


def lay_out(exercise: str, folder: Path) -> bool:
    """Write the starter's files into a folder that holds no file of an answer; False, and nothing
    done, when it does. Raises FactorLabError when the folder cannot be written."""
    if folder.is_dir() and answer_files.read_folder(folder):
        return False
    for name, text in course.starter(exercise).items():
        write_whole(folder / name, text)
    return True


def bring_back(exercise: str) -> Reset:
    """Put the learner's files aside, whatever they are, bring the starter back, and forget the
    progress. Raises FactorLabError when the folder cannot be written; no file is lost then."""
    place = answer_files.folder(exercise)
    kept = _put_aside(place)
    lay_out(exercise, place)
    progress.forget(exercise)
    return Reset(exercise, course.starter(exercise), kept)


def _put_aside(place: Path) -> Path | None:
    going = [path for path in place.glob("*") if path.name != COPIES]
    if not going:
        return None
    try:
        kept = _fresh(place / COPIES / time.strftime("%Y%m%d-%H%M%S"))
        for path in going:
            path.rename(kept / path.name)
    except OSError as error:
        raise FactorLabError(
            f"Your files in {place} could not be put aside.",
            why=str(error),
            next="check that the folder is yours and that no program holds its files open.",
        ) from error
    return kept


def _fresh(wanted: Path) -> Path:
    """A new folder of that name, or with a number behind it: two resets within a second are two."""
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    path.mkdir(parents=True)
    return path
