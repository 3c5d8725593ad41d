"""A line between an app and a service that can be cut at an exact point: between two commands."""

from typing import TYPE_CHECKING

from factorlab.engine.container.plan import Limits, Plan
from factorlab.engine.images.course_images import IMAGES
from factorlab.lab.contained import Contained
from factorlab.lab.services.base import address

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab
    from factorlab.lab.services.redis import Redis

ORDERS = 7000


class Cut(Contained):
    """Passes on what an app sends to a Redis, and what comes back; made by `Lab.cut`."""

    def __init__(self, lab: "Lab", name: str, service: "Redis") -> None:
        self.name, self._lab = name, lab
        plan = Plan(
            image=IMAGES["probe"].tag,
            name=lab.session.object_name(name),
            labels=lab.session.labels("cut", name),
            network=lab.network,
            aliases=[name],
            command=["python", "/opt/probe/cut.py", service.name, str(service.port)],
            limits=Limits(memory_mib=64, cpus=1, processes=32),
        )
        self._container = lab.create(plan)
        self._container.start()
        lab.probe.wait_http(f"http://{name}:{ORDERS}/all", seconds=20)
        self.url = address(
            service.kind, service.user, service.password, name, service.port, service.database
        )
        """Where an app finds the service behind it."""

    def after(self, pieces: int) -> None:
        """Let so many more pieces from apps through: a command is one, a pipeline too. With the
        next one all connections end, and new ones are refused."""
        self._lab.probe.request("GET", f"http://{self.name}:{ORDERS}/{pieces}")

    def mend(self) -> None:
        """Let everything through again."""
        self._lab.probe.request("GET", f"http://{self.name}:{ORDERS}/all")
