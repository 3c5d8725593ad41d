"""Waiting: the one loop that looks, sleeps and looks again, until it sees what it waits for."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar

from factorlab.display.bar import working

T = TypeVar("T")
EVERY_SECONDS = 0.05


def until(
    look: Callable[[], T],
    seconds: float,
    *,
    enough: Callable[[T], object] = bool,
    every: float = EVERY_SECONDS,
    longer: Callable[[float, float], bool] | None = None,
    doing: str = "",
) -> T:
    """Look until what is seen is `enough` (by default: anything that counts as true), or the seconds
    are over; what was seen last. It looks at least once, and `every` so many seconds.

    `longer` may give more time than that: it is asked whether to wait on, with the seconds that have
    passed and those that were meant (`Probe.patient`). `doing` is shown when it takes long.
    """
    began = time.monotonic()
    with working(doing) if doing else nullcontext():
        while not enough(seen := look()):
            waited = time.monotonic() - began
            if not (longer(waited, seconds) if longer else waited < seconds):
                break
            time.sleep(every)
    return seen
