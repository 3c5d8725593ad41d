"""Noticing that an answer was saved: by looking, which works on every system and disk.

Editors save in many ways: in place, by renaming a new file over the old one, in several steps,
without a change. So modification times only say when to look; the text decides.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from factorlab.exercises import answer_files

LOOK_SECONDS = 0.3
"""How long it takes, at most, to notice a save; and how long a folder must stand still after one."""

Stamp = dict[str, tuple[int, int]]


def stamp(folder: Path) -> Stamp:
    """Time and size of each file of a folder, without the copies and caches in it."""
    found: Stamp = {}
    for file in sorted(folder.rglob("*")):
        if any(part in answer_files.SKIPPED for part in file.relative_to(folder).parts):
            continue
        try:
            status = file.stat()
        except OSError:  # an editor's own file, gone again
            continue
        found[str(file)] = (status.st_mtime_ns, status.st_size)
    return found


def saves(
    folder: Path, pause: Callable[[float], None] = time.sleep
) -> Iterator[tuple[dict[str, str], list[str]]]:
    """The files of an answer at once, and again after each save that changed one of them: their
    texts, and the names of those that differ from the time before. It ends never."""
    seen: dict[str, str] | None = None
    while True:
        before = _settled(folder, pause)
        files = _read(folder)
        if files is not None and files != seen:
            names = sorted(files.keys() | (seen or {}).keys())
            changed = [n for n in names if seen is None or files.get(n) != seen.get(n)]
            seen = files
            yield files, changed
        while stamp(folder) == before:
            pause(LOOK_SECONDS)


def _settled(folder: Path, pause: Callable[[float], None]) -> Stamp:
    """Wait until nothing changes for one look: an editor that saves in steps has ended then."""
    before = stamp(folder)
    while True:
        pause(LOOK_SECONDS)
        now = stamp(folder)
        if now == before:
            return now
        before = now


def _read(folder: Path) -> dict[str, str] | None:
    try:
        return answer_files.read_folder(folder)
    except OSError:  # a file went away between two looks: the next look sees it
        return None
