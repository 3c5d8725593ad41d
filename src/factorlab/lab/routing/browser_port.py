"""The way from a browser on this machine into a lab: a loopback port that leads to one app."""

from typing import TYPE_CHECKING

from factorlab.engine.container.container import Container
from factorlab.engine.container.network import create_network
from factorlab.engine.container.plan import Plan
from factorlab.engine.images.course_images import IMAGES

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

SECONDS = 5
"""How long a door may take to lead to its app before its address is given out all the same."""


class Doors:
    """The doors of one lab. Each is a container that forwards, in the lab's network and in one
    that may publish ports; all are made when they are first asked for."""

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab
        self._ports: dict[tuple[str, int], int] = {}
        self._network = ""

    def to(self, host: str, port: int) -> int:
        """The loopback port on the engine's machine that leads to this host and port of the lab."""
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
            try:
                container.join(self._lab.network)
                container.start()
                self._lab.probe.wait_http(f"http://{container.name}:8080/", seconds=SECONDS)
                self._ports[host, port] = container.published()
            except BaseException:  # an interrupt, too: its name must be free for the next try
                container.remove()
                raise
        return self._ports[host, port]
