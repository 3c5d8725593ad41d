"""How the engine looks after a container: whether it is healthy, and when it is started again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Health:
    """A health check that the engine runs in a container; times in seconds. An empty `test`
    switches off the one that comes with the image."""

    test: Sequence[str]
    """`CMD` and the words of a command, or `CMD-SHELL` and a line for the shell."""
    interval: float = 30
    timeout: float = 30
    retries: int = 3
    start_period: float = 0


@dataclass(frozen=True)
class Upkeep:
    """The health check, if any, and the restart policy: `no`, `always`, `unless-stopped` or
    `on-failure`, and how many `times` at most; 0 is without an end."""

    health: Health | None = None
    restart: str = "no"
    times: int = 0

    def healthcheck(self) -> dict[str, Any] | None:
        """The health check as the engine takes it, in nanoseconds."""
        if self.health is None:
            return None
        return {
            "test": list(self.health.test) or ["NONE"],
            "interval": int(self.health.interval * 1e9),
            "timeout": int(self.health.timeout * 1e9),
            "retries": self.health.retries,
            "start_period": int(self.health.start_period * 1e9),
        }

    def restart_policy(self) -> dict[str, Any]:
        """The restart policy as the engine takes it."""
        return {"Name": self.restart, "MaximumRetryCount": self.times}
