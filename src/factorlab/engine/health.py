"""The health check of a container, as the engine takes it."""

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

    def for_engine(self) -> dict[str, Any]:
        """The form that the engine takes, in nanoseconds."""
        return {
            "test": list(self.test) or ["NONE"],
            "interval": int(self.interval * 1e9),
            "timeout": int(self.timeout * 1e9),
            "retries": self.retries,
            "start_period": int(self.start_period * 1e9),
        }
