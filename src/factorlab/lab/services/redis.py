"""Redis 7 in a container of its own."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from factorlab.engine.container.plan import Limits, Plan
from factorlab.lab.services.base import START_SECONDS, Composed, Service, register
from factorlab.waiting import until

VISITS = "visits"
"""The key under which apps count visits."""


@register
class Redis(Service):
    """A Redis 7 server, open to everybody unless it has a password."""

    scheme = "redis"
    user = ""
    port = 6379
    database = "0"

    image = "redis"
    limits = Limits(memory_mib=256, cpus=1, processes=64)

    kind = "redis"
    variable = "REDIS_URL"
    nickname = "cache"
    names: ClassVar[Mapping[str, str]] = {"": r"^(REDIS|CACHE|BROKER|CELERY_BROKER)_?(URL|URI)$"}
    urls = r"^rediss?://"
    composed = Composed(
        "redis", r"7(\.0)?(\.\d+)?(-bookworm)?", 3, "redis-server", "Redis 7", "redis:7.0.15"
    )

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        command = ["--port", str(self.port)]
        if self.password and self.user:
            own = ["on", f">{self.password}", "~*", "&*", "+@all"]
            command += ["--user", "default", "off", "--user", self.user, *own]
        elif self.password:
            command += ["--requirepass", self.password]
        return {}, command

    def command(self, *words: str) -> Any:
        """Run one Redis command and return its answer."""
        return self._network.probe.redis(self.url, *words)

    def until(self, least: int, *words: str, seconds: float = 60) -> int:
        """Run a command that answers with a number until that is `least` or more, or the seconds
        are over; the last number."""
        return until(
            lambda: int(self.command(*words) or 0),
            seconds,
            enough=lambda number: number >= least,
            every=0.02,
            doing=f"waiting until {' '.join(words)} is {least}",
        )

    def holds(self) -> str:
        if self.state != "running":
            return ""
        keys = self.command("DBSIZE")
        return f"{keys} key" if keys == 1 else f"{keys} keys"

    def count(self) -> int:
        """The number under the key `visits`; 0 where there is none."""
        found = str(self.command("GET", VISITS) or "0")
        return int(found) if found.isdigit() else 0

    @classmethod
    def other_database(cls) -> str:
        return str(1 + secrets.randbelow(14))

    @classmethod
    def composed_plan(cls, plan: Plan, command: Sequence[str], held: bool) -> Plan:
        return replace(plan, command=list(command[1:]) or None)  # the image begins with its name

    def _wait(self) -> None:
        self._network.probe.redis(self.url, "PING", seconds=START_SECONDS)
