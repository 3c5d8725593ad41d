"""A container of the course: create, start, signal, look at, remove."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from docker.errors import APIError, NotFound
from requests.exceptions import ConnectionError, ReadTimeout

from factorlab.engine.archive import tar
from factorlab.engine.connection import connect
from factorlab.engine.container.execution import bounded, execute
from factorlab.engine.container.plan import Plan
from factorlab.engine.errors import translated, translated_stream
from factorlab.errors import NotReady

LOG_BYTES_READ = 2_000_000
ARCHIVE_BYTES_READ = 64_000_000
PAUSE_SECONDS, PAUSE_POLL = 30.0, 0.1
_LIST_PROCESSES = """\
for one in /proc/[0-9]*; do
    printf '%s %s\\n' "${one#/proc/}" "$(tr '\\0' ' ' < "$one/cmdline" 2>/dev/null)"
done"""
"""A shell's way to print process id and title of each process, where the engine cannot."""


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

    @classmethod
    def of(cls, full: Mapping[str, Any]) -> "State":
        """The state out of the engine's full record (`docker inspect`)."""
        record = full["State"]
        running = record["Status"] in ("created", "running", "paused", "restarting")
        health = str((record.get("Health") or {}).get("Status", ""))
        return cls(
            status=record["Status"],
            exit_code=None if running else record["ExitCode"],
            oom_killed=bool(record.get("OOMKilled")),
            started_at=record.get("StartedAt", ""),
            restarts=full.get("RestartCount", 0),
            health="" if health == "none" else health,
        )


class Container:
    """A handle on one container of the course. All methods raise NotReady for what is the machine's
    fault, such as an engine that does not answer."""

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
        made = client.api.create_container(
            **plan.settings(),
            host_config=client.api.create_host_config(**plan.host_settings()),
            networking_config=client.api.create_networking_config({plan.network: endpoint}),
        )
        return cls(client.containers.get(made["Id"]), plan.aliases)

    @property
    def id(self) -> str:
        """Its id on the engine, 64 hex digits."""
        return str(self._raw.id)

    @property
    def name(self) -> str:
        """Its name on the engine, which no other container has."""
        return str(self._raw.name)

    @translated
    def start(self) -> None:
        """Start it, for the first time or again. Raises NotStarted for a command, a user or a working
        directory that its image does not have."""
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
        """Let it go on after `pause`."""
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
        return State.of(full)

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
        return translated_stream(self._raw.logs(stream=True, follow=True))

    @translated
    def exec(self, command: Sequence[str], seconds: float | None = None) -> tuple[int, str]:
        """Run a command inside; returns its exit code and its output. Raises Endless when it takes
        more than `seconds` or writes more than 16 million bytes, NotReady when it was given no time
        and takes more than two minutes."""
        return execute(self._raw, command, seconds)

    @translated
    def processes(self) -> list[tuple[str, str]]:
        """What runs inside, from the engine's own list: process id and title of each; nothing when
        it does not run."""
        try:
            table = self._raw.top(ps_args="-eo pid,args")
        except APIError:
            return []
        except ValueError:  # Podman asks for `ps` inside the container, and answers nothing
            _, output = execute(self._raw, ["sh", "-c", _LIST_PROCESSES])
            rows = (line.strip().partition(" ") for line in output.splitlines())
            return [(pid, title) for pid, _, title in rows if title]
        return [(row[0], " ".join(row[1:])) for row in table["Processes"] or []]

    @translated
    def users(self) -> list[str]:
        """The numbers of the users that its processes run as, as the engine's machine sees them."""
        try:
            return [row[1] for row in self._raw.top(ps_args="-eo pid,uid")["Processes"] or []]
        except (APIError, ValueError):
            return []

    @translated
    def cpu_seconds(self) -> float:
        """The CPU seconds that all its processes have used since it was started, as the engine
        counts them; 0 when it does not run."""
        try:
            stats = connect().api.stats(self.id, stream=False, one_shot=True)
        except (NotFound, APIError):
            return 0.0
        return float(stats.get("cpu_stats", {}).get("cpu_usage", {}).get("total_usage", 0)) / 1e9

    @translated
    def changes(self) -> list[str]:
        """What it has changed in the files of its image (`docker diff`): `A` (added), `C` (changed)
        or `D` (deleted) and the path, sorted by path. The places of mounts are left out: the
        engine made them."""
        record = self.inspect()
        mounts = [mount["Destination"] for mount in record["Mounts"]]
        mounts += record["HostConfig"].get("Tmpfs") or {}
        ours = {str(path) for place in mounts for path in (place, *PurePosixPath(place).parents)}
        entries = connect().api.diff(self.id) or []
        return [
            f"{'CAD'[entry['Kind']]} {entry['Path']}"
            for entry in sorted(entries, key=lambda entry: str(entry["Path"]))
            if entry["Path"] not in ours
        ]

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
