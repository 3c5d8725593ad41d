"""The labels on everything the course creates, and who owns it.

An owner is one process on one machine: `host:pid:start time`. Process ids are used again after
a reboot, start times are not, so a dead owner is distinguished from a living one without doubt.
"""

import os
import platform
import uuid
from dataclasses import dataclass, field
from functools import cache

import psutil

COURSE = "org.factorlab.course"
"""On every object: the mark by which `factorlab clean` knows its own."""
LESSON = "org.factorlab.lesson"
OWNER = "org.factorlab.owner"
SESSION = "org.factorlab.session"
ROLE = "org.factorlab.role"
NAME = "org.factorlab.name"
CLOCK_STEP_SECONDS = 5
"""Start times are computed from the wall clock, which may be set while a process runs."""
INPUTS = "org.factorlab.inputs"
"""On an image of the course: the hash of what it was built from."""


def host() -> str:
    """The machine's name, without the separator that owners use."""
    return platform.node().replace(":", "-") or "unknown"


@cache
def owner() -> str:
    """The owner label of this process."""
    pid = os.getpid()
    return f"{host()}:{pid}:{_start_time(pid)}"


def alive(label: str) -> bool:
    """Whether the process behind an owner label still runs; one that waits to be reaped does not.

    Owners on other machines count as alive: a shared engine is swept by each for itself.
    """
    where, _, rest = label.partition(":")
    pid, _, started = rest.partition(":")
    if where != host() or not pid.isdigit():
        return True
    try:
        if psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE:
            return False
        return abs(_start_time(int(pid)) - int(started)) <= CLOCK_STEP_SECONDS
    except (psutil.NoSuchProcess, ValueError):
        return False


def _start_time(pid: int) -> int:
    return round(psutil.Process(pid).create_time())


@dataclass(frozen=True)
class Session:
    """One lab's life: everything it creates carries these labels and goes with it."""

    lesson: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def labels(self, role: str, name: str = "") -> dict[str, str]:
        """Labels for one object of this session."""
        return {
            COURSE: "factorlab",
            LESSON: self.lesson,
            OWNER: owner(),
            SESSION: self.id,
            ROLE: role,
            NAME: name,
        }

    def object_name(self, name: str) -> str:
        """A name on the engine that no other session can hold."""
        return f"factorlab-{self.id}-{name}"
