"""Forcing a race from the database's side: its rows are held until all who want to change one have
come, so that everybody has looked before anybody acts. Nothing in an app takes part in it."""

import time
from collections.abc import Sequence

from factorlab.lab import App, Lab, OneOff, Postgres

SETTLED_SECONDS = 60
POLLER_SECONDS = 5
"""So long after its first connection, a process counts that does not wait for a lock: it may ask
for one again and again."""


def settled(lab: Lab, database: Postgres, *processes: App | OneOff) -> bool:
    """Wait until each of the processes waits for a lock in the database, has ended, or answers.
    False when one of them had come no further than that after a minute."""
    began, first = time.monotonic(), dict[str, float]()
    open_ones: Sequence[App | OneOff] = processes
    while open_ones and (now := time.monotonic()) < began + SETTLED_SECONDS:
        for address in database.clients():
            first.setdefault(address, now)
        here = database.waiters()
        here |= {address for address, then in first.items() if now > then + POLLER_SECONDS}
        patience = 0.1 + (now - began) / 20  # an answer takes long on an overloaded machine
        open_ones = [one for one in open_ones if not _has_come(lab, one, here, patience)]
        time.sleep(0.05)
    return not open_ones


def _has_come(lab: Lab, process: App | OneOff, addresses: set[str], patience: float) -> bool:
    if process.address in addresses or process.exit_code is not None:
        return True
    return isinstance(process, App) and lab.probe.wait_http(f"{process.url}/", seconds=patience)
