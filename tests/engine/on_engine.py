"""Small helpers of the tests with real containers."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from factorlab.engine.cleanup import labels
from factorlab.engine.connection import connect


def until(question: Callable[[], object], seconds: float = 15) -> bool:
    """Ask until the answer is yes; False when it was not within that time."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def owner_of(process: "subprocess.Popen[str]") -> str:
    """The label of what another process creates."""
    started = labels._start_time(process.pid)
    return f"{labels.OWNER}={labels.host()}:{process.pid}:{started}"


def owned() -> list[str]:
    """What this process has on the engine now, in words."""
    return sorted(left(f"{labels.OWNER}={labels.owner()}"))


def left(*wanted: str) -> list[str]:
    """The containers, networks, volumes and images that carry all these labels, in words."""
    client, named = connect(), {"label": list(wanted)}
    found = {
        "container": client.api.containers(all=True, filters=named),
        "network": client.api.networks(filters=named),
        "volume": client.api.volumes(filters=named)["Volumes"] or [],
        "image": client.api.images(filters=named),
    }
    return [
        f"{kind} {raw.get('Id') or raw.get('Name')} {raw.get('State', '')} {raw['Labels']}"
        for kind, objects in found.items()
        for raw in objects
    ]


def count(*wanted: str) -> int:
    """How many they are."""
    return len(left(*wanted))


def begin(code: str, **env: str) -> "subprocess.Popen[str]":
    """Another process of a learner, spoken to through its standard input and output."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **env},
    )
