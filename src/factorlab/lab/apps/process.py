"""What an app and a one-off process have in common: one container of one image with one environment,
and the signals one sends it."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from factorlab.engine.build.build import Build
from factorlab.engine.container.container import Container, State
from factorlab.engine.container.plan import Limits, Plan, Upkeep
from factorlab.lab.contained import Contained
from factorlab.lab.network import Network

GRACE_SECONDS = 10
"""What `docker stop` gives a container between SIGTERM and SIGKILL."""
KILLED = 137
"""The exit code that SIGKILL leaves."""
ANSWER_USER = "10001:10001"


class How(TypedDict, total=False):
    """How a container of an image runs, where it is other than usual."""

    command: Sequence[str] | str | None
    """What takes the place of the image's CMD: words, or a line that is split into words."""
    cpus: float
    """How much of the machine's cores it may use: 0.5 is half of one. Default: 1."""
    read_only: bool | None
    """Whether nothing but `/tmp` can be written in it. Default: for answers of strangers."""
    restart: bool
    """Whether the engine starts it again whenever it fails."""


class Process(Contained):
    """A container of the learner's code."""

    def __init__(
        self, network: Network, name: str, build: Build, container: Container, env: dict[str, str]
    ) -> None:
        self.name = name
        self.build = build
        self.env = env
        """The environment variables it was created with. They are fixed for its whole life."""
        self._network, self._container = network, container

    @property
    def image_id(self) -> str:
        """The id of the image it was made from (`sha256:…`): the bytes, not the name."""
        return self.build.id

    @property
    def state(self) -> State:
        """What the engine says about it now."""
        return self._container.state()

    @property
    def exit_code(self) -> int | None:
        """The status it ended with, or None while it runs."""
        return self.state.exit_code

    @property
    def cpu_seconds(self) -> float:
        """The CPU seconds that all its processes have used since it was started, as the engine
        counts them; 0 when it does not run."""
        return self._container.cpu_seconds()

    @property
    def address(self) -> str:
        """Its IP address inside the lab's network. It may be another one after a start."""
        return self._container.address(self._network.name)

    def stop(self, grace: float = GRACE_SECONDS) -> int | None:
        """SIGTERM, then SIGKILL after `grace` seconds; returns the exit code."""
        self._container.stop(grace)
        return self.exit_code

    def kill(self, signal: str = "SIGKILL") -> int | None:
        """Send a signal to process 1; after SIGKILL, returns the exit code (137)."""
        self._container.kill(signal)
        return self._container.wait(5) if signal == "SIGKILL" else None

    def wait(self, seconds: float = 10) -> int | None:
        """The exit code once it has ended by itself, or None if it still runs after that time."""
        return self._container.wait(seconds)

    def remove(self) -> None:
        """Kill and remove the container; its logs and files go with it."""
        self._container.remove()
        self._network.forget(self.name)

    def users(self) -> list[str]:
        """The numbers of the users that its processes run as; 0 is root."""
        return self._container.users()

    def inspect(self) -> dict[str, Any]:
        """The engine's record of it, as `docker inspect` prints it."""
        return self._container.inspect()


def as_text(env: Mapping[str, Any] | None) -> dict[str, str]:
    """An environment as a process gets it: numbers become text, None is no value at all."""
    return {name: str(value) for name, value in (env or {}).items() if value is not None}


def plan(
    network: Network,
    image: Build,
    name: str,
    env: Mapping[str, str] | None,
    *,
    command: Sequence[str] | str | None = None,
    group: str = "",
    read_only: bool | None = None,
    cpus: float = 1.0,
    restart: bool = False,
) -> Plan:
    """A container of the learner's code in a lab, found as `name` and as its `group`, run as `How`
    says. Where `read_only` is said, and for strangers, `/tmp` is in memory."""
    in_memory = network.untrusted or read_only is not None
    return Plan(
        image=image.id,
        name=network.session.object_name(name),
        labels=network.session.labels("app", name),
        network=network.name,
        aliases=[name, *([group] if group else [])],
        env=dict(env or {}),
        command=shlex.split(command) if isinstance(command, str) else command,
        limits=Limits(memory_mib=network.memory_mib, cpus=cpus),
        capable=network.capable,
        upkeep=Upkeep(restart="on-failure" if restart else "no"),
        volumes={network.volume: ("/run/secrets", False)},
        tmpfs={"/tmp": "size=32m,mode=1777"} if in_memory else {},
        read_only=network.untrusted if read_only is None else read_only,
        user=ANSWER_USER if network.untrusted else None,
    )
