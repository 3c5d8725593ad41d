"""Redis 7 in a container of its own."""

import time
from typing import Any

from factorlab.display import working
from factorlab.engine.container.container import Limits, Plan
from factorlab.lab.services.base import START_SECONDS, Service


class Redis(Service):
    """A Redis 7 server, open to everybody unless it has a password."""

    kind = "redis"
    user = ""
    port = 6379
    database = "0"

    def _plan(self) -> Plan:
        command = ["--port", str(self.port)]
        if self.password and self.user:
            own = ["on", f">{self.password}", "~*", "&*", "+@all"]
            command += ["--user", "default", "off", "--user", self.user, *own]
        elif self.password:
            command += ["--requirepass", self.password]
        return self._planned("redis", Limits(memory_mib=256, cpus=1, processes=64), {}, *command)

    def command(self, *words: str) -> Any:
        """Run one Redis command and return its answer."""
        return self._network.probe.redis(self.url, *words)

    def until(self, least: int, *words: str, seconds: float = 60) -> int:
        """Run a command that answers with a number until that is `least` or more, or the seconds
        are over; the last number."""
        deadline = time.monotonic() + seconds
        with working(f"waiting until {' '.join(words)} is {least}"):
            while (found := int(self.command(*words) or 0)) < least and time.monotonic() < deadline:
                time.sleep(0.02)
        return found

    def holds(self) -> str:
        if self.state != "running":
            return ""
        keys = self.command("DBSIZE")
        return f"{keys} key" if keys == 1 else f"{keys} keys"

    def _wait(self) -> None:
        self._network.probe.redis(self.url, "PING", seconds=START_SECONDS)
