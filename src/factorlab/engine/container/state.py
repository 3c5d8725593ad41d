"""What the engine says about a container: one small record out of its large one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class State:
    """What the engine says about a container: status (`created`, `running`, `paused`, `exited`,
    `removed`), exit code (None while it runs or before it ran), restart count and
    health (`starting`, `healthy`, `unhealthy`; empty without a health check)."""

    status: str
    exit_code: int | None
    oom_killed: bool = False
    started_at: str = ""
    restarts: int = 0
    health: str = ""


def state_of(full: Mapping[str, Any]) -> State:
    """The state out of the engine's full record (`docker inspect`)."""
    record = full["State"]
    running = record["Status"] in ("created", "running", "paused", "restarting")
    return State(
        status=record["Status"],
        exit_code=None if running else record["ExitCode"],
        oom_killed=bool(record.get("OOMKilled")),
        started_at=record.get("StartedAt", ""),
        restarts=full.get("RestartCount", 0),
        health=health_of(record),
    )


def health_of(record: Mapping[str, Any]) -> str:
    """What the engine's record of a state says about health; empty without a health check."""
    status = str((record.get("Health") or {}).get("Status", ""))
    return "" if status == "none" else status
