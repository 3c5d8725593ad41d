"""What a container is to be, before it exists: image, network, environment, limits, health check.

Apps run with everything taken away that an app can do without: no capabilities, no new
privileges, a ceiling on memory, CPU, processes and log volume. Answers of strangers also get a
read-only root and a user without a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docker.types import LogConfig, Mount

DNS_OPTIONS = ["timeout:1", "attempts:1", "ndots:0"]
"""Without these, an unknown name takes ten seconds to fail inside a network without a way out."""


APP_MEMORY_MIB = 256
"""What one app may use, unless its contract asks for more. docs/SECURITY.md names it too."""


@dataclass(frozen=True)
class Limits:
    """The ceilings of one container: memory and log in MiB, CPUs in cores."""

    memory_mib: int = APP_MEMORY_MIB
    cpus: float = 1.0
    processes: int = 128
    log_mib: int = 8


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
    """How the engine looks after a container: the health check, if any, and the restart policy:
    `no`, `always`, `unless-stopped` or `on-failure`, and how many `times` at most; 0 is without
    an end."""

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


@dataclass(frozen=True)
class Plan:
    """All that is known about a container before it exists."""

    image: str
    name: str
    labels: Mapping[str, str]
    network: str
    aliases: Sequence[str]
    """The names it answers to in its network; the first is also its host name."""
    env: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] | None = None
    entrypoint: Sequence[str] | None = None
    upkeep: Upkeep = field(default_factory=Upkeep)
    limits: Limits = Limits()
    volumes: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """Volume name -> (path in the container, whether it may be written)."""
    tmpfs: Mapping[str, str] = field(default_factory=dict)
    """Path in the container -> mount options of a file system in memory."""
    read_only: bool = False
    user: str | None = None
    capable: bool = False
    """Whether it has the engine's usual capabilities; without them, root is hardly more than others."""
    beside: str = ""
    """The id of a container whose processes it sees and whose files it may look at, as root with the
    one capability for that. Only for a program of ours."""
    interactive: bool = False
    """Keep standard input open, as the probe needs it."""
    publish: int | None = None
    """A port of the container to publish on a free loopback port of the engine's machine."""

    def settings(self) -> dict[str, Any]:
        """What the SDK's `create_container` takes, without the host's part and the network."""
        return {
            "image": self.image,
            "command": list(self.command) if self.command is not None else None,
            "entrypoint": list(self.entrypoint) if self.entrypoint is not None else None,
            "healthcheck": self.upkeep.healthcheck(),
            "name": self.name,
            "hostname": self.aliases[0][:63],
            "environment": dict(self.env),
            "labels": dict(self.labels),
            "user": self.user,
            "stdin_open": self.interactive,
            "ports": [self.publish] if self.publish else None,
        }

    def host_settings(self) -> dict[str, Any]:
        """What the SDK's `create_host_config` takes: privileges, limits, mounts."""
        rotated = {"max-size": f"{self.limits.log_mib}m", "max-file": "1"}
        return {
            "cap_drop": None if self.capable else ["ALL"],
            "cap_add": ["SYS_PTRACE"] if self.beside else None,
            "pid_mode": f"container:{self.beside}" if self.beside else None,
            "security_opt": ["no-new-privileges:true"],
            "mem_limit": self.limits.memory_mib * 2**20,
            "memswap_limit": self.limits.memory_mib * 2**20,
            "nano_cpus": int(self.limits.cpus * 1e9),
            "pids_limit": self.limits.processes,
            "read_only": self.read_only,
            "tmpfs": dict(self.tmpfs) or None,
            "mounts": [
                Mount(target, source, type="volume", read_only=not writable)
                for source, (target, writable) in self.volumes.items()
            ],
            "dns_opt": DNS_OPTIONS,
            "network_mode": self.network,
            "log_config": LogConfig(type="json-file", config=rotated),
            "port_bindings": {self.publish: ("127.0.0.1", None)} if self.publish else None,
            "restart_policy": self.upkeep.restart_policy(),
        }
