"""What all backing services have in common: how an app reaches them, the faults one gives them, and
what a class must say so that it is a kind of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits, Plan
from factorlab.errors import NotReady
from factorlab.lab.contained import Contained
from factorlab.lab.network import Network
from factorlab.lab.probe import Probe

START_SECONDS = 30


class Access(TypedDict, total=False):
    """What an app must know to reach a service, besides its name; what is left out is the usual
    one. A `database` has a name in PostgreSQL, a number in Redis, and there is none in a mail
    server."""

    user: str
    password: str
    port: int
    database: str


@dataclass(frozen=True)
class Composed:
    """How a Compose file names a kind: by an image that one of the course's stands in for."""

    image: str
    """The image's name there: `postgres`."""
    tags: str
    """The tags that the course's own image stands in for, as a regular expression."""
    numbers: int
    """How many numbers a version has that means one image for good."""
    server: str
    """The program that a `command` of it begins with."""
    title: str
    """What it is called in a sentence: `PostgreSQL 15`."""
    example: str
    """A name that is right: `postgres:15.20`."""


class Service(Contained):
    """What all backing services can do: stop, start, kill, and the faults of `Contained`.

    A kind of its own says here what is special about it; with `@register` it is one that contracts
    can name. It must have `scheme`, `port`, `image`, `limits`, `_arguments`, `_wait`, `holds` and
    `count`; the rest where it differs from what stands here.
    """

    # How it is reached

    scheme: ClassVar[str]
    """What the first part of its URL says."""
    user = "shop"
    password = ""
    port: int
    database = ""

    # Its container

    image: ClassVar[str]
    """The image of the course that it runs on, as `IMAGES` calls it."""
    limits: ClassVar[Limits]

    # What a contract, an audit and its draft know of it

    kind: ClassVar[str] = ""
    """What a contract calls it, as in `DATABASE_URL = "postgres"`. Without one, none can name it."""
    variable: ClassVar[str] = ""
    """The variable that usually holds its URL."""
    mounted: ClassVar[bool] = False
    """Whether a contract may have its URL in a mounted file: `postgres-file`."""
    nickname: ClassVar[str] = ""
    """What the one that a check starts is called, after the check's own word: `cache`."""
    names: ClassVar[Mapping[str, str]] = {}
    """Which variables hold it most likely: part of the URL, or nothing for all of it -> the names,
    as a regular expression."""
    urls: ClassVar[str] = r"(?!)"
    """What its URLs look like, as a regular expression."""
    composed: ClassVar[Composed | None] = None
    """How a Compose file names it, where it can."""

    def __init__(
        self, network: Network, name: str, *, schema: str = "", **access: Unpack[Access]
    ) -> None:
        """Start it, reachable as `name`; `prepare` waits until it answers. `schema` is SQL that
        makes its tables, where it has tables."""
        self.name = name
        self._network, self._schema = network, schema
        for part, value in access.items():
            setattr(self, part, value)
        if self.password:
            network.secrets.append(self.password)
        env, command = self._arguments()
        plan = network.plan(self.image, type(self).__name__.lower(), name, self.limits)
        self._container = network.create(replace(plan, env=env, command=command))
        self._container.start()

    @property
    def url(self) -> str:
        """All that an app must know to use it: `KIND://USER:PASSWORD@NAME:PORT/DATABASE`."""
        return address(self.scheme, self.user, self.password, self.name, self.port, self.database)

    @property
    def state(self) -> str:
        """What the engine says about it now: `running`, `paused`, `exited`, `removed`."""
        return self._container.state().status

    def holds(self) -> str:
        """What is in it, in words such as `3 rows`; empty while it does not run."""
        raise NotImplementedError

    def count(self) -> int:
        """How much of what apps sent has arrived in it: rows, visits, messages."""
        raise NotImplementedError

    @classmethod
    def other_database(cls) -> str:
        """Another database than the usual one, at random; nothing where there is but one."""
        return ""

    def stop(self) -> None:
        """Stop it in order; new connections are refused."""
        self._container.stop(10)

    def start(self) -> None:
        """Start it again, with its data, and wait until it answers."""
        self._container.start()
        self._wait()

    def kill(self) -> None:
        """SIGKILL: it ends at once."""
        self._container.kill()
        self._container.wait(5)

    def remove(self) -> None:
        """Remove it with its data."""
        self._container.remove()

    def prepare(self) -> Self:
        """Wait until it answers."""
        self._wait()
        return self

    def _wait(self) -> None:
        raise NotImplementedError

    def _arguments(self) -> tuple[Mapping[str, str], Sequence[str]]:
        """The environment and the command that its container starts with."""
        raise NotImplementedError

    def _wait_for_port(self, what: str) -> None:
        """Wait until something listens on its port, asked inside its container. Raises NotReady."""
        knock = f"until exec 3<>/dev/tcp/127.0.0.1/{self.port}; do sleep 0.05; done"
        status, output = self._container.exec(["timeout", str(START_SECONDS), "bash", "-c", knock])
        if status:
            raise NotReady(
                f"The {what} '{self.name}' did not start.",
                why=output[-300:],
                next="run the cell again when the machine is less busy.",
            )

    # As a service of a Compose file

    @classmethod
    def composed_plan(cls, plan: Plan, command: Sequence[str], held: bool) -> Plan:
        """The container of one that a Compose file gives this command. One that is `held` stays in
        its start, where that can be had of it."""
        return replace(plan, command=list(command) or None)

    @classmethod
    def release(cls, container: Container) -> bool:
        """Let one that is held finish its start: False where it has not come that far yet."""
        return True

    @classmethod
    def attempts(cls, log: str, address: str) -> int:
        """How often somebody has asked one that is held for a connection, by its log."""
        return 0

    @classmethod
    def composed_count(cls, probe: Probe, host: str, env: Mapping[str, str]) -> int:
        """How much has arrived in one that a Compose file gives these variables."""
        raise NotImplementedError


S = TypeVar("S", bound=type[Service])
KINDS: dict[str, type[Service]] = {}
"""The kinds that a contract can name, by their names and in the order of these."""


def register(service: S) -> S:
    """Make a class one of `KINDS`."""
    KINDS[service.kind] = service
    for name in sorted(KINDS):
        KINDS[name] = KINDS.pop(name)
    return service


def known(name: str, access: Access) -> Access:
    """With a password that a lesson can print, the same in every run, unless there is one."""
    return {"password": f"{name}-secret", **access}


def address(kind: str, user: str, password: str, host: str, port: int, database: str = "") -> str:
    """A URL, with the signs of the password that would mean something in it encoded."""
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    place = f"{host}:{port}" + (f"/{database}" if database else "")
    return f"{kind}://{login}@{place}" if login else f"{kind}://{place}"
