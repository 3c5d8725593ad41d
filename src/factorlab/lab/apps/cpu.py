"""Telling from outside that a process computes: by the CPU seconds that it uses."""

from factorlab.lab.apps.process import Process
from factorlab.waiting import until

COMPUTES = 0.4
"""CPU seconds that no handling of a request needs: who has used so much more, computes."""


def busy(*processes: Process, seconds: float = 60) -> bool:
    """Wait until these together have used 0.4 more CPU seconds than now: then something is being
    computed. False when that has not come within the seconds."""
    before = _used(processes)
    return until(
        lambda: _used(processes) - before >= COMPUTES, seconds, doing="waiting for a computation"
    )


def _used(processes: tuple[Process, ...]) -> float:
    return sum(process.cpu_seconds for process in processes)
