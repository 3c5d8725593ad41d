"""Telling from outside that a process computes: by the CPU seconds that it uses."""

import time

from factorlab.display import working
from factorlab.lab.apps.process import Process

COMPUTES = 0.4
"""CPU seconds that no handling of a request needs: who has used so much more, computes."""


def busy(*processes: Process, seconds: float = 60) -> bool:
    """Wait until these together have used 0.4 more CPU seconds than now: then something is being
    computed. False when that has not come within the seconds."""
    before, deadline = _used(processes), time.monotonic() + seconds
    with working("waiting for a computation"):
        while time.monotonic() < deadline:
            if _used(processes) - before >= COMPUTES:
                return True
            time.sleep(0.05)
    return False


def _used(processes: tuple[Process, ...]) -> float:
    return sum(process.cpu_seconds for process in processes)
