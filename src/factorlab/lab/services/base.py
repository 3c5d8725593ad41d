"""What all backing services have in common: how an app reaches them, and the faults one gives."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Self, TypedDict, Unpack
from urllib.parse import quote

from factorlab.engine.container.container import Limits, Plan
from factorlab.lab.contained import Contained
from factorlab.lab.network import Network

START_SECONDS = 30


class Access(TypedDict, total=False):
    """What an app must know to reach a service, besides its name; what is left out is the usual
    one. A `database` has a name in PostgreSQL, a number in Redis, and there is none in a mail
    server."""

    user: str
    password: str
    port: int
    database: str


class Service(Contained):
    """What all backing services can do: stop, start, kill, and the faults of `Contained`."""

    kind: str
    """What the first part of its URL says."""
    user = "shop"
    password = ""
    port: int
    database = ""

    def __init__(self, network: Network, name: str, **access: Unpack[Access]) -> None:
        """Start it, reachable as `name`; `prepare` waits until it answers."""
        self.name = name
        self._network = network
        for part, value in access.items():
            setattr(self, part, value)
        if self.password:
            network.secrets.append(self.password)
        self._container = network.create(self._plan())
        self._container.start()

    @property
    def url(self) -> str:
        """All that an app must know to use it: `KIND://USER:PASSWORD@NAME:PORT/DATABASE`."""
        return address(self.kind, self.user, self.password, self.name, self.port, self.database)

    @property
    def state(self) -> str:
        """What the engine says about it now: `running`, `paused`, `exited`, `removed`."""
        return self._container.state().status

    def holds(self) -> str:
        """What is in it, in words such as `3 rows`; empty while it does not run."""
        raise NotImplementedError

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

    def _plan(self) -> Plan:
        raise NotImplementedError

    def _planned(self, image: str, limits: Limits, env: Mapping[str, str], *command: str) -> Plan:
        plan = self._network.plan(image, type(self).__name__.lower(), self.name, limits)
        return replace(plan, env=env, command=command)


def known(name: str, access: Access) -> Access:
    """With a password that a lesson can print, the same in every run, unless there is one."""
    return {"password": f"{name}-secret", **access}


def address(kind: str, user: str, password: str, host: str, port: int, database: str = "") -> str:
    """A URL, with the signs of the password that would mean something in it encoded."""
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    place = f"{host}:{port}" + (f"/{database}" if database else "")
    return f"{kind}://{login}@{place}" if login else f"{kind}://{place}"
