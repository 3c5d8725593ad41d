"""One at a time, across kernels and commands: a lock that ends with its process, however it ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from factorlab.errors import FactorLabError

WAIT_SECONDS = 10
"""What is done under a lock takes milliseconds; longer means that its holder is suspended."""
PAUSE_SECONDS = 0.01

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder (its file `.lock`). Raises FactorLabError when another process
    has not let go of it within ten seconds.

    A folder that cannot be written, or a disk that knows no locks, is used without one: then
    writing it says what is wrong, or two kernels are a risk that is taken.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("a")
    except OSError:
        yield
        return
    with file:  # closing it lets go of the lock
        _wait(file, folder)
        yield


def _wait(file: IO[str], folder: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return _take(file)
        except (BlockingIOError, PermissionError) as error:  # POSIX and Windows: somebody has it
            if time.monotonic() > deadline:
                raise FactorLabError(
                    "Your progress is held by another process that does not go on.",
                    why=f"It has held {folder / '.lock'} for {WAIT_SECONDS} s.",
                    next="end suspended notebooks and commands of the course, then try again.",
                ) from error
        except OSError:  # a disk without locks
            return None
        time.sleep(PAUSE_SECONDS)
