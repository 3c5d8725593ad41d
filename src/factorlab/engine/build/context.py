"""The files of a build: a folder read whole, and the limits on files that a stranger hands in."""

from collections.abc import Mapping
from pathlib import Path

from factorlab.engine.build.ignored import DOCKERIGNORE
from factorlab.errors import Refused

FILE_BYTES = 200_000
FILES = 50
NAME_LENGTH = 200
IGNORE_LINES, IGNORE_BYTES = 500, 10_000
"""More than any answer needs: each line is held against each file, in the grader."""


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their relative names, without caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def check_files(files: Mapping[str, bytes]) -> None:
    """Refuse names that leave the folder, and more or larger files than an answer can need."""
    if len(files) > FILES:
        raise Refused(f"{len(files)} files were handed in; {FILES} is the limit.")
    for name, content in files.items():
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name:
            raise Refused(f"The file name {name[:80]!r} leaves the answer's folder.")
        if len(name) > NAME_LENGTH:
            raise Refused(f"The file name {name[:40]!r}… is longer than {NAME_LENGTH} characters.")
        if len(content) > FILE_BYTES:
            raise Refused(f"{name} has {len(content):,} bytes; {FILE_BYTES:,} is the limit.")
    ignored = files.get(DOCKERIGNORE, b"")
    if (lines := len(ignored.splitlines())) > IGNORE_LINES or len(ignored) > IGNORE_BYTES:
        raise Refused(
            f"{DOCKERIGNORE} has {lines:,} lines and {len(ignored):,} bytes; "
            f"{IGNORE_LINES} and {IGNORE_BYTES:,} are the limits.",
            next="leave out folders instead of single files.",
        )
