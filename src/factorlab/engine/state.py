"""What the engine's record of a container says, in few words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class State:
    """What the engine says about a container: status (`created`, `running`, `paused`, `exited`,
    `removed`), exit code (None while it runs or before it ran), restart count, and what its
    HEALTHCHECK says (`starting`, `healthy`, `unhealthy`; empty without one)."""

    status: str
    exit_code: int | None
    oom_killed: bool = False
    started_at: str = ""
    restarts: int = 0
    health: str = ""


def state_of(full: Mapping[str, Any]) -> State:
    """The state in the engine's full record of a container."""
    record = full["State"]
    running = record["Status"] in ("created", "running", "paused", "restarting")
    return State(
        status=record["Status"],
        exit_code=None if running else record["ExitCode"],
        oom_killed=bool(record.get("OOMKilled")),
        started_at=record.get("StartedAt", ""),
        restarts=full.get("RestartCount", 0),
        health=(record.get("Health") or {}).get("Status", ""),
    )
