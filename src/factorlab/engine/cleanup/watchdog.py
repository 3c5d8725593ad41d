"""A process that outlives its owner just long enough to clean up after it.

The owner holds the write end of a pipe. However the owner ends, the kernel of the operating
system closes that end; the watchdog reads end-of-file and removes what the owner created. The
Docker SDK is imported only then, so a waiting watchdog costs little memory.
"""

import atexit
import subprocess
import sys
import threading
import time
from contextlib import suppress

from factorlab.engine.cleanup.labels import owner

PAUSES = (0, 0.5, 1.5, 4, 6)
"""Seconds before each search. A busy engine may finish creating a container, a network or an image
some seconds after the process that wanted it has died."""

_process: "subprocess.Popen[bytes] | None" = None
_starting = threading.Lock()
"""Labs that start at once: one sweep at a time, as sweep.py demands, and one watchdog. Where a
second took the place of the first, Python would close the first one's pipe."""


def watch() -> None:
    """Start this process's watchdog, once, and sweep what dead owners left. Threads may call it
    at once."""
    global _process
    with _starting:
        if _process is not None and _process.poll() is None:
            return
        from factorlab.engine.cleanup.sweep import sweep

        sweep()
        _process = subprocess.Popen(
            [sys.executable, "-m", "factorlab.engine.cleanup.watchdog", owner()],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        atexit.register(_dismiss)


def _dismiss() -> None:
    """At a normal end: close the pipe and let the watchdog make sure that nothing is left."""
    if _process is not None and _process.stdin is not None:
        _process.stdin.close()


def main() -> None:
    """Wait for end-of-file on standard input, then remove the named owner's objects."""
    label = sys.argv[1]
    while sys.stdin.buffer.read(4096):
        pass
    from factorlab.engine.cleanup.sweep import remove_owner

    for pause in PAUSES:
        time.sleep(pause)
        with suppress(Exception):  # another sweep was quicker, the engine is busy: search again
            remove_owner(label)


if __name__ == "__main__":
    main()
