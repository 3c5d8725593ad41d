"""One container: create, start, signal, look at, remove.

Apps run with everything taken away that an app can do without: no capabilities, no new
privileges, a ceiling on memory, CPU, processes and log volume. Answers of strangers also get a
read-only root and a user without a name.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docker.errors import APIError, NotFound
from docker.types import LogConfig, Mount
from requests.exceptions import ConnectionError, ReadTimeout

from factorlab.engine.build.context import tar
from factorlab.engine.connection import connect
from factorlab.engine.container import top
from factorlab.engine.container.execution import bounded, execute
from factorlab.engine.container.state import State, state_of
from factorlab.engine.container.upkeep import Upkeep
from factorlab.engine.errors import pieces, translated
from factorlab.errors import NotReady

DNS_OPTIONS = ["timeout:1", "attempts:1", "ndots:0"]
"""Without these, an unknown name takes ten seconds to fail inside a network without a way out."""

LOG_BYTES_READ = 2_000_000
ARCHIVE_BYTES_READ = 64_000_000
PAUSE_SECONDS, PAUSE_POLL = 30.0, 0.1


@dataclass(frozen=True)
class Limits:
    """The ceilings of one container."""

    memory_mib: int = 256
    cpus: float = 1.0
    processes: int = 128
    log_mib: int = 8


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


class Container:
    """A handle on one container of the course."""

    def __init__(self, raw: Any, aliases: Sequence[str] = ()) -> None:
        self._raw = raw
        self.aliases = tuple(aliases)
        """The names it answers to in its network."""

    @classmethod
    @translated
    def create(cls, plan: Plan) -> "Container":
        """Create the container; it does not run yet. Raises NotReady when the engine cannot."""
        client = connect()
        endpoint = client.api.create_endpoint_config(aliases=list(plan.aliases))
        config = client.api.create_networking_config({plan.network: endpoint})
        rotated = {"max-size": f"{plan.limits.log_mib}m", "max-file": "1"}
        host = client.api.create_host_config(
            cap_drop=None if plan.capable else ["ALL"],
            cap_add=["SYS_PTRACE"] if plan.beside else None,
            pid_mode=f"container:{plan.beside}" if plan.beside else None,
            security_opt=["no-new-privileges:true"],
            mem_limit=plan.limits.memory_mib * 2**20,
            memswap_limit=plan.limits.memory_mib * 2**20,
            nano_cpus=int(plan.limits.cpus * 1e9),
            pids_limit=plan.limits.processes,
            read_only=plan.read_only,
            tmpfs=dict(plan.tmpfs) or None,
            mounts=[
                Mount(target, source, type="volume", read_only=not writable)
                for source, (target, writable) in plan.volumes.items()
            ],
            dns_opt=DNS_OPTIONS,
            network_mode=plan.network,
            log_config=LogConfig(type="json-file", config=rotated),
            port_bindings={plan.publish: ("127.0.0.1", None)} if plan.publish else None,
            restart_policy=plan.upkeep.restart_policy(),
        )
        made = client.api.create_container(
            plan.image,
            command=list(plan.command) if plan.command is not None else None,
            entrypoint=list(plan.entrypoint) if plan.entrypoint is not None else None,
            healthcheck=plan.upkeep.healthcheck(),
            name=plan.name,
            hostname=plan.aliases[0][:63],
            environment=dict(plan.env),
            labels=dict(plan.labels),
            user=plan.user,
            stdin_open=plan.interactive,
            ports=[plan.publish] if plan.publish else None,
            host_config=host,
            networking_config=config,
        )
        return cls(client.containers.get(made["Id"]), plan.aliases)

    @property
    def id(self) -> str:
        return str(self._raw.id)

    @property
    def name(self) -> str:
        return str(self._raw.name)

    @translated
    def start(self) -> None:
        self._raw.start()

    @translated
    def stop(self, grace: float) -> None:
        """SIGTERM (or the image's stop signal), then SIGKILL after `grace` seconds."""
        self._raw.client.api.stop(self.id, timeout=round(grace))

    @translated
    def kill(self, signal: str = "SIGKILL") -> None:
        """Send a signal to process 1. A container that does not run is left as it is."""
        try:
            self._raw.kill(signal=signal)
        except APIError as error:
            if error.status_code not in (404, 409):
                raise

    @translated
    def pause(self) -> None:
        """Freeze it. The runtime gives up within a second on a process that waits for its disk,
        and leaves it to its caller to try again (opencontainers/runc#4388)."""
        deadline = time.monotonic() + PAUSE_SECONDS
        while True:
            try:
                self._raw.pause()
                return
            except APIError as error:
                if "freeze" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(PAUSE_POLL)

    @translated
    def unpause(self) -> None:
        self._raw.unpause()

    @translated
    def restart_policy(self, name: str) -> None:
        """Tell the engine when to start it again by itself, as `docker update --restart` does."""
        self._raw.update(restart_policy={"Name": name})

    @translated
    def wait(self, seconds: float) -> int | None:
        """The exit code once it ended; None if it runs after `seconds` or, at once, is removed."""
        try:
            answer = self._raw.client.api.wait(self.id, timeout=seconds)
        except NotFound:
            return None
        except (ReadTimeout, ConnectionError):  # the SDK lets urllib3's time-out through as either
            return self.state().exit_code
        return int(answer["StatusCode"])

    @translated
    def remove(self) -> None:
        """Kill and remove it, with its anonymous volumes. One that is gone already is fine."""
        remove_quietly(self._raw)

    @translated
    def inspect(self) -> dict[str, Any]:
        """The engine's full record of the container (`docker inspect`)."""
        return dict(self._raw.client.api.inspect_container(self.id))

    @translated
    def state(self) -> State:
        """The container's state now; `removed` when the engine does not know it any more."""
        try:
            full = self._raw.client.api.inspect_container(self.id)
        except NotFound:
            return State("removed", None)
        return state_of(full)

    @translated
    def logs(self, *, tail: int | None = None, stdout: bool = True, stderr: bool = True) -> str:
        """The last lines of its output, at most two million bytes; empty when it is gone."""
        try:
            raw = self._raw.logs(stdout=stdout, stderr=stderr, tail="all" if tail is None else tail)
        except APIError as error:
            if error.status_code not in (404, 409):  # not there, or just being removed
                raise
            return ""
        return bytes(raw)[-LOG_BYTES_READ:].decode(errors="replace")

    @translated
    def follow(self) -> Iterator[bytes]:
        """Its output from the first line on, in pieces as they are written, until it ends."""
        return pieces(self._raw.logs(stream=True, follow=True))

    @translated
    def exec(self, command: Sequence[str], seconds: float | None = None) -> tuple[int, str]:
        """Run a command inside; returns its exit code and its output. Raises Endless when it takes
        more than `seconds` or writes more than 16 million bytes, NotReady when it was given no time
        and takes more than two minutes."""
        return execute(self._raw, command, seconds)

    @translated
    def processes(self) -> list[tuple[str, str]]:
        """What runs inside: process id and title of each."""
        return top.processes(self._raw)

    @translated
    def users(self) -> list[str]:
        """The numbers of the users that its processes run as, as the engine's machine sees them."""
        return top.users(self._raw)

    @translated
    def address(self, network: str) -> str:
        """Its IP address in a network; empty while it does not run."""
        networks = self.inspect()["NetworkSettings"]["Networks"]
        return str(networks.get(network, {}).get("IPAddress", ""))

    @translated
    def put(
        self, files: Mapping[str, bytes], directory: str = "/", mode: int = 0o644, changed: int = 0
    ) -> None:
        """Copy files into the container; names are relative to `directory`. `changed` is the date
        they get, in seconds since 1970."""
        self._raw.put_archive(directory, tar(files, mode, changed))

    @translated
    def get(self, path: str) -> bytes:
        """A path of the container as a tar archive. Raises Endless when it is too large."""
        chunks, _ = self._raw.get_archive(path)
        return bounded(chunks, ARCHIVE_BYTES_READ, f"{path} holds")

    @translated
    def published(self) -> int:
        """The loopback port that the engine publishes for it. Raises NotReady if there is none."""
        ports = self.inspect()["NetworkSettings"]["Ports"] or {}
        for bindings in filter(None, ports.values()):
            return int(bindings[0]["HostPort"])
        raise NotReady(
            f"The engine publishes no port of the container '{self.name}'.",
            why=self.logs(tail=4),
            next="run this again; if it stays so, `factorlab doctor`.",
        )

    @translated
    def join(self, network: str) -> None:
        """Connect it to one more network, or to one that it has left, under the names that it
        was created with."""
        connect().networks.get(network).connect(self.id, aliases=list(self.aliases))

    @translated
    def leave(self, network: str) -> None:
        """Cut it off a network; its names no longer resolve there."""
        connect().networks.get(network).disconnect(self.id, force=True)

    @translated
    def attach(self) -> Any:
        """The raw stream of its standard input and output, for the probe's channel."""
        return self._raw.client.api.attach_socket(
            self.id, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        )


def remove_quietly(raw: Any) -> None:
    """Remove a container of the SDK, whatever state it is in."""
    try:
        raw.remove(force=True, v=True)
    except NotFound:
        pass
    except APIError as error:
        if "already in progress" not in str(error):
            raise
