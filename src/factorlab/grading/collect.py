"""Submissions as data: what lies in notebooks, folders and zip files, and whose it is.

Nothing is run, unpacked or written here. A file is read up to a limit; links are not followed.
"""

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from factorlab import course
from factorlab.errors import FactorLabError
from factorlab.exercises.answers import (
    NOTEBOOK_BYTES,
    SKIPPED,
    Answers,
    lift_text,
    starter,
    untouched,
)
from factorlab.grading.identity import Whose
from factorlab.workspace import is_file_name

ARCHIVE_BYTES, ARCHIVE_FILES = 1_000_000_000, 50_000
"""What one zip file may hold, unpacked."""
NOT_ANSWERS = {*SKIPPED, "solutions", "notebooks", "tests", "apps", "node_modules", "__MACOSX"}
"""Folders whose files are nobody's answer: the course's own, which lie in a copy of it as well."""


@dataclass(frozen=True)
class File:
    """One file that was handed in, by its path below what was named. Without `content`, `why`
    says what kept it from being read."""

    path: str
    content: bytes | None
    why: str = ""


@dataclass(frozen=True)
class Submission:
    """What one learner handed in: exercise -> file -> text, and the names of the files that it
    was read from. `unread` says what could not be read, `remarks` what else is odd."""

    learner: str
    answers: Answers
    files: tuple[str, ...]
    unread: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """All that a person should look at, as sentences."""
        return (*self.unread, *self.remarks)


@dataclass
class _Pile:
    """What was found of one learner so far."""

    notebooks: dict[str, list[tuple[str, dict[str, str]]]] = field(default_factory=dict)
    folders: Answers = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, file: File) -> None:
        if file.content is None:
            self.unread.append(f"{file.path} was not read: {file.why}")
            return
        if exercise := _exercise_folder(file.path):
            name = file.path.split(f"{exercise}/", 1)[1]
            text = file.content.decode("utf-8", "replace")
            self.folders.setdefault(exercise, {})[name] = text
        else:
            try:
                answers, refused = lift_text(file.path, file.content)
            except FactorLabError as error:
                self.unread.append(f"{error.what} {error.why}".strip())
                return
            self.unread += [f"{file.path}: {error.what}" for error in refused]
            for exercise, texts in answers.items():
                self.notebooks.setdefault(exercise, []).append((file.path, texts))
        self.files.append(file.path)

    def settled(self, learner: str) -> Submission:
        """One answer for each exercise: what is in a notebook counts before what lies in a
        folder, what was changed before the starter, and the last name before the others."""
        answers, remarks = dict(self.folders), []
        for exercise, found in self.notebooks.items():
            changed = [one for one in found if not _as_handed_out(exercise, one[1])] or found[-1:]
            file, answers[exercise] = changed[-1]
            if any(texts != answers[exercise] for _, texts in changed):
                names = ", ".join(name for name, _ in changed)
                remarks.append(
                    f"{exercise} is answered differently in {names}: the one in {file} was graded."
                )
        return Submission(learner, answers, tuple(self.files), tuple(self.unread), tuple(remarks))


def _as_handed_out(exercise: str, texts: dict[str, str]) -> bool:
    return untouched(exercise, {**starter(exercise), **texts})


def collect(paths: Sequence[Path], whose: Whose) -> list[Submission]:
    """The submissions in these notebooks, folders and zip files, by learner, in alphabetical
    order. Raises FactorLabError for a path that is not there, and when there is none at all."""
    piles: dict[str, _Pile] = {}
    for path in paths:
        around = (path if path.is_dir() else path.parent).resolve().name
        for file in sorted(_files(path), key=lambda file: file.path):
            told = replace(file, path=file.path.encode(errors="replace").decode())
            piles.setdefault(whose(told.path, around), _Pile()).add(told)
    if not piles:
        raise FactorLabError(
            f"No submission was found in {', '.join(map(str, paths))}.",
            next="name notebooks, zip files, or a folder that holds a folder for each learner.",
        )
    return [piles[learner].settled(learner) for learner in sorted(piles)]


def _exercise_folder(path: str) -> str:
    """The exercise whose folder a file lies in, or nothing."""
    known = {entry.id for entry in course.exercises()}
    return next((part for part in path.split("/")[:-1] if part in known), "")


def _wanted(path: str) -> bool:
    parts = path.split("/")
    if NOT_ANSWERS & set(parts[:-1]) or any(part.startswith("._") for part in parts):
        return False
    if exercise := _exercise_folder(path):
        return is_file_name(path.split(f"{exercise}/", 1)[1]) and parts[-1] != "expected.toml"
    return path.endswith((".ipynb", ".zip"))


def _files(path: Path) -> Iterator[File]:
    """All that counts of what was named."""
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not (Path(folder) / name).is_symlink())
            for name in sorted(names):
                inside = (Path(folder) / name).relative_to(path).as_posix()
                if _wanted(inside):
                    yield from _file(Path(folder) / name, inside)
    elif path.exists():
        yield from _file(path, path.name)
    else:
        raise FactorLabError(
            f"{path} is not there.", next="name notebooks, folders or zip files that exist."
        )


def _file(path: Path, inside: str) -> Iterator[File]:
    if path.is_symlink() and inside != path.name:
        yield File(inside, None, "it is a link.")
        return
    try:
        if path.suffix == ".zip":
            with path.open("rb") as opened:
                yield from _members(opened, inside, "" if inside == path.name else inside[:-4])
        elif path.stat().st_size > NOTEBOOK_BYTES:
            yield File(inside, None, _too_large())
        else:
            yield File(inside, path.read_bytes())
    except OSError as error:
        yield File(inside, None, f"{error.strerror or error}.")


def _members(opened: object, name: str, prefix: str, depth: int = 1) -> Iterator[File]:
    """The files in a zip, and in zips in it. Nothing is unpacked to the disk."""
    try:
        with zipfile.ZipFile(opened) as archive:  # type: ignore[call-overload]
            entries = archive.infolist()
            if len(entries) > ARCHIVE_FILES or sum(e.file_size for e in entries) > ARCHIVE_BYTES:
                yield File(name, None, f"it unpacks to more than {ARCHIVE_BYTES:,} bytes.")
                return
            for entry in entries:
                yield from _member(archive, entry, prefix, depth)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield File(name, None, f"it is not a whole zip file ({error}).")


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, prefix: str, depth: int
) -> Iterator[File]:
    path = entry.filename.replace("\\", "/")
    inside = f"{prefix}/{path}".lstrip("/")
    if entry.is_dir() or not _wanted(inside):
        return
    if ".." in path.split("/") or path.startswith("/") or re.match(r"[A-Za-z]:", path):
        yield File(Path(path).name, None, "its path leads out of the zip file.")
    elif (entry.external_attr >> 16) & 0o170000 == 0o120000:
        yield File(inside, None, "it is a link.")
    elif entry.file_size > NOTEBOOK_BYTES:
        yield File(inside, None, _too_large())
    else:
        try:
            with archive.open(entry) as opened:
                content = opened.read(NOTEBOOK_BYTES + 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
            yield File(inside, None, f"the zip file does not give it out ({error}).")
            return
        if len(content) > NOTEBOOK_BYTES:  # whatever its header says
            yield File(inside, None, _too_large())
        elif inside.endswith(".zip"):
            if depth:
                yield from _members(BytesIO(content), inside, inside[:-4], depth - 1)
            else:
                yield File(inside, None, "it is a zip in a zip in a zip.")
        else:
            yield File(inside, content)


def _too_large() -> str:
    return f"it is larger than {NOTEBOOK_BYTES:,} bytes."
