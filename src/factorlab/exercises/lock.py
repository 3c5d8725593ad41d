"""One at a time, across kernels and commands: a lock that ends with its process, however it ends."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from factorlab.errors import FactorLabError

WAIT_SECONDS = 10
"""What is done under a lock takes milliseconds; longer means that its holder is suspended."""
PAUSE_SECONDS = 0.01


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder (its file `.lock`). Raises FactorLabError when another process
    has not let go of it within ten seconds.

    A folder that cannot be written, or a disk that knows no locks, is used without one: then
    writing it says what is wrong, or two kernels are a risk that is taken.
    """
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(_lock(folder))
        except Timeout as error:
            raise FactorLabError(
                "Your progress is held by another process that does not go on.",
                why=f"It has held {folder / '.lock'} for {WAIT_SECONDS} s.",
                next="end suspended notebooks and commands of the course, then try again.",
            ) from error
        except (OSError, NotImplementedError):  # no such folder, or a disk without locks
            pass
        yield


def _lock(folder: Path) -> FileLock:
    """Never a file whose mere presence is the lock: that one would outlive a killed kernel."""
    return FileLock(
        folder / ".lock", WAIT_SECONDS, poll_interval=PAUSE_SECONDS, fallback_to_soft=False
    )
