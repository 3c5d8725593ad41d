"""Doors into a lab's private network, for a browser on this machine."""

from typing import TYPE_CHECKING

from factorlab.engine.containers import Container, Plan
from factorlab.engine.images import IMAGES
from factorlab.engine.networks import create_network

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

SECONDS = 5
"""How long a door may take to lead to its app before its address is given out all the same."""


class Doors:
    """The doors of one lab: for each app that is asked for, a container that takes connections on
    a published port of loopback, and passes on what comes."""

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
        self._ports: dict[tuple[str, int], int] = {}
        self._network = ""

    def port(self, host: str, port: int) -> int:
        """The loopback port on the engine's machine that leads to an app; made when first asked."""
        if (host, port) not in self._ports:
            session = self._lab.session
            self._network = self._network or create_network(session, private=False)
            plan = Plan(
                image=IMAGES["probe"].tag,
                name=session.object_name(f"door-{host}-{port}"),
                labels=session.labels("door", host),
                network=self._network,
                aliases=[f"door-{host}"],
                command=["python", "/opt/probe/forward.py", host, str(port)],
                publish=8080,
            )
            container = Container.create(plan)
            container.join(self._lab.network)
            container.start()
            self._lab.probe.wait_http(f"http://{container.name}:8080/", seconds=SECONDS)
            self._ports[host, port] = container.published()
        return self._ports[host, port]
