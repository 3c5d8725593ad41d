"""What a proof costs: seconds on the wall, CPU seconds of the whole machine, containers started.

The CPU seconds are those of all processes, the engine and the containers included, so they say
something only on a machine that does nothing else (psutil reads /proc/stat).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread

import psutil

from factorlab.engine.connection import connect
from factorlab.errors import NotReady


@dataclass
class Cost:
    """Of one part. Times in seconds."""

    wall: float = 0.0
    cpu: float = 0.0
    starts: int = 0


def _busy() -> float:
    now = psutil.cpu_times()
    idle = now.idle + getattr(now, "iowait", 0.0) + getattr(now, "steal", 0.0)
    guest = getattr(now, "guest", 0.0) + getattr(now, "guest_nice", 0.0)
    return sum(now) - idle - guest  # a guest's time is in user time already


@contextmanager
def _starts() -> Iterator[list[object]]:
    """A list that gets an entry for each container that starts: the engine itself remembers no more
    than its last 256 events. It stays empty where there is no engine."""
    seen: list[object] = []
    try:
        events = connect().api.events(filters={"type": "container", "event": "start"}, decode=True)
    except NotReady:
        yield seen
        return

    def listen() -> None:
        with suppress(Exception):  # the stream ends in the middle of a read when it is closed
            for event in events:
                seen.append(event)  # noqa: PERF402 (one by one, while it goes on)

    Thread(target=listen, daemon=True).start()
    yield seen
    events.close()


@contextmanager
def measured() -> Iterator[Cost]:
    """The cost of what is done inside."""
    cost = Cost()
    began, busy = time.monotonic(), _busy()
    with _starts() as started:
        yield cost
        cost.starts = len(started)
    cost.wall, cost.cpu = time.monotonic() - began, _busy() - busy
