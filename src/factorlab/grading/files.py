"""The files of a submission, wherever they lie: a notebook, a folder, a zip file, a zip in it.

Nothing is run, unpacked or written. A file is read up to a limit; links are not followed.
"""

import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from factorlab.errors import FactorLabError
from factorlab.exercises.answers import NOTEBOOK_BYTES

ARCHIVE_BYTES, ARCHIVE_FILES = 1_000_000_000, 50_000
"""What one zip file may hold, unpacked."""
Wanted = Callable[[str], bool]
"""Whether a file counts, by its path below what was named."""


@dataclass(frozen=True)
class File:
    """One file that was handed in, by its path below what was named. Without `content`, `why`
    says what kept it from being read; without that either, it is of no kind that counts."""

    path: str
    content: bytes | None
    why: str = ""

    @property
    def counts(self) -> bool:
        return self.content is not None or bool(self.why)


def files(path: Path, wanted: Wanted) -> Iterator[File]:
    """All that lies in what was named; what does not count, by its name only. Raises FactorLabError when it is not there."""
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below[:] = sorted(name for name in below if not (Path(folder) / name).is_symlink())
            for name in sorted(names):
                inside = (Path(folder) / name).relative_to(path).as_posix()
                if wanted(inside):
                    yield from _file(Path(folder) / name, inside, wanted)
                else:
                    yield File(inside, None)
    elif path.exists():
        yield from _file(path, path.name, wanted)
    else:
        raise FactorLabError(
            f"{path} is not there.", next="name notebooks, folders or zip files that exist."
        )


def _file(path: Path, inside: str, wanted: Wanted) -> Iterator[File]:
    if path.is_symlink() and inside != path.name:
        yield File(inside, None, "it is a link.")
        return
    try:
        if path.suffix == ".zip":
            prefix = "" if inside == path.name else inside[:-4]
            with path.open("rb") as opened:
                yield from _members(opened, inside, prefix, wanted)
        elif path.stat().st_size > NOTEBOOK_BYTES:
            yield File(inside, None, _too_large())
        else:
            yield File(inside, path.read_bytes())
    except OSError as error:
        yield File(inside, None, f"{error.strerror or error}.")


def _members(
    opened: IO[bytes], name: str, prefix: str, wanted: Wanted, depth: int = 1
) -> Iterator[File]:
    """The files in a zip, and in zips in it. Nothing is unpacked to the disk."""
    try:
        with zipfile.ZipFile(opened) as archive:
            entries = archive.infolist()
            if len(entries) > ARCHIVE_FILES or sum(e.file_size for e in entries) > ARCHIVE_BYTES:
                yield File(name, None, f"it unpacks to more than {ARCHIVE_BYTES:,} bytes.")
                return
            for entry in entries:
                yield from _member(archive, entry, prefix, wanted, depth)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield File(name, None, f"it is not a whole zip file ({error}).")


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, prefix: str, wanted: Wanted, depth: int
) -> Iterator[File]:
    path = entry.filename.replace("\\", "/")
    inside = f"{prefix}/{path}".lstrip("/")
    if entry.is_dir():
        return
    if not wanted(inside):
        yield File(inside, None)
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
                yield from _members(BytesIO(content), inside, inside[:-4], wanted, depth - 1)
            else:
                yield File(inside, None, "it is a zip in a zip in a zip.")
        else:
            yield File(inside, content)


def _too_large() -> str:
    return f"it is larger than {NOTEBOOK_BYTES:,} bytes."
