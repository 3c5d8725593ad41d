"""The files of a submission, wherever they lie: a notebook, a folder, a zip file, a zip in it.

Nothing is run, unpacked or written. A file is read up to a limit; links are not followed.
"""

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import IO

from factorlab.errors import FactorLabError
from factorlab.exercises.answer_files import NOTEBOOK_BYTES

ARCHIVE_BYTES, ARCHIVE_FILES = 1_000_000_000, 50_000
"""What the zip files of one hand-in may hold together, unpacked."""
Wanted = Callable[[str], bool]
"""Whether a file counts, by its path below what was named."""


@dataclass(frozen=True)
class File:
    """One file that was handed in, by its path below what was named. Without `content`, `why`
    says what kept it from being read; without that either, it is of no kind that counts.
    `packed_in` is the outermost zip file below what was named that holds it, or nothing."""

    path: str
    content: bytes | None
    why: str = ""
    packed_in: str = ""

    @property
    def counts(self) -> bool:
        return self.content is not None or bool(self.why)


@dataclass
class Budget:
    """The bytes and files that the zip files of one hand-in hold so far, unpacked: many small ones could together hold
    more than the machine has."""

    bytes: int = 0
    files: int = 0

    def has_room_for(self, entries: Sequence[zipfile.ZipInfo]) -> bool:
        """Whether these may be unpacked as well; if so, they are counted."""
        size = self.bytes + sum(entry.file_size for entry in entries)
        count = self.files + len(entries)
        if size > ARCHIVE_BYTES or count > ARCHIVE_FILES:
            return False
        self.bytes, self.files = size, count
        return True


BudgetOf = Callable[[str], Budget]
"""The budget of the hand-in that a zip file belongs to, by its path below what was named."""


def files(path: Path, wanted: Wanted, budget_of: BudgetOf) -> Iterator[File]:
    """All that lies in what was named; what does not count, by its name only. A zip file that was
    named itself is read like a folder; one that lies in what was named, like a folder of its name.
    Raises FactorLabError when it is not there."""
    reader = _Reader(wanted, budget_of)
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not (Path(folder) / name).is_symlink())
            for name in sorted(names):
                inside = (Path(folder) / name).relative_to(path).as_posix()
                if not wanted(inside):
                    yield File(inside, None)
                elif (Path(folder) / name).is_symlink():
                    yield File(inside, None, "it is a link.")
                else:
                    yield from reader.read(Path(folder) / name, inside, packed_in=inside)
    elif path.exists():
        yield from reader.read(path, path.name, packed_in="")
    else:
        raise FactorLabError(
            f"{path} is not there.", next="name notebooks, folders or zip files that exist."
        )


@dataclass(frozen=True)
class _Reader:
    """Reads files and zip files. `packed_in` is that of the files in a zip; nothing for a zip that
    was named itself, whose files stand at the top."""

    wanted: Wanted
    budget_of: BudgetOf

    def read(self, path: Path, inside: str, packed_in: str) -> Iterator[File]:
        try:
            if path.suffix == ".zip":
                with path.open("rb") as opened:
                    yield from self._members(opened, inside, packed_in)
            elif path.stat().st_size > NOTEBOOK_BYTES:
                yield File(inside, None, _too_large())
            else:
                yield File(inside, path.read_bytes())
        except OSError as error:
            yield File(inside, None, f"{error.strerror or error}.")

    def _members(
        self, opened: IO[bytes], name: str, packed_in: str, depth: int = 1
    ) -> Iterator[File]:
        """The files in a zip, and in zips in it. Nothing is unpacked to the disk."""
        budget = self.budget_of(packed_in) if packed_in else Budget()
        try:
            with zipfile.ZipFile(opened) as archive:
                entries = archive.infolist()
                if budget.has_room_for(entries):
                    prefix = name[:-4] if packed_in else ""
                    for entry in entries:
                        yield from self._member(archive, entry, prefix, packed_in, depth)
                else:
                    yield File(name, None, _too_much(), packed_in)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            yield File(name, None, f"it is not a whole zip file ({error}).", packed_in)

    def _member(
        self,
        archive: zipfile.ZipFile,
        entry: zipfile.ZipInfo,
        prefix: str,
        packed_in: str,
        depth: int,
    ) -> Iterator[File]:
        path = entry.filename.replace("\\", "/")
        file = File(f"{prefix}/{path}".lstrip("/"), None, packed_in=packed_in)
        if entry.is_dir():
            return
        if not self.wanted(file.path):
            yield file
        elif ".." in path.split("/") or path.startswith("/") or re.match(r"[A-Za-z]:", path):
            inside = f"{prefix}/{Path(path).name}".lstrip("/")
            yield replace(file, path=inside, why="its path leads out of the zip file.")
        elif (entry.external_attr >> 16) & 0o170000 == 0o120000:
            yield replace(file, why="it is a link.")
        elif entry.file_size > NOTEBOOK_BYTES:
            yield replace(file, why=_too_large())
        else:
            yield from self._content(archive, entry, file, depth)

    def _content(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: File, depth: int
    ) -> Iterator[File]:
        try:
            with archive.open(entry) as opened:
                content = opened.read(NOTEBOOK_BYTES + 1)
        except Exception as error:  # each way of packing has an error of its own for damaged bytes
            yield replace(file, why=f"the zip file does not give it out ({error}).")
            return
        if len(content) > NOTEBOOK_BYTES:  # whatever its header says
            yield replace(file, why=_too_large())
        elif not file.path.endswith(".zip"):
            yield replace(file, content=content)
        elif depth:
            outermost = file.packed_in or file.path
            yield from self._members(BytesIO(content), file.path, outermost, depth - 1)
        else:
            yield replace(file, why="it is a zip in a zip in a zip.")


def _too_much() -> str:
    return (
        f"it unpacks to more than {ARCHIVE_BYTES:,} bytes or {ARCHIVE_FILES:,} files, together "
        "with the zip files before it."
    )


def _too_large() -> str:
    return f"it is larger than {NOTEBOOK_BYTES:,} bytes."
