"""A line between an app and a service that can be cut at an exact point: between two commands."""

from dataclasses import replace

from factorlab.engine.container.plan import Limits
from factorlab.lab.contained import Contained
from factorlab.lab.network import Network
from factorlab.lab.services.base import address
from factorlab.lab.services.redis import Redis

ORDERS = 7000


class Cut(Contained):
    """Passes on what an app sends to a Redis, and what comes back; made by `Lab.cut`."""

    def __init__(self, network: Network, name: str, service: Redis) -> None:
        self.name, self._network = name, network
        plan = network.plan("probe", "cut", name, Limits(memory_mib=64, cpus=1, processes=32))
        command = ["python", "/opt/probe/cut.py", service.name, str(service.port)]
        self._container = network.create(replace(plan, command=command))
        self._container.start()
        network.probe.wait_http(f"http://{name}:{ORDERS}/all", seconds=20)
        self.url = address(
            service.scheme, service.user, service.password, name, service.port, service.database
        )
        """Where an app finds the service behind it."""

    def after(self, pieces: int) -> None:
        """Let so many more pieces from apps through: a command is one, a pipeline too. With the
        next one all connections end, and new ones are refused."""
        self._network.probe.request("GET", f"http://{self.name}:{ORDERS}/{pieces}")

    def mend(self) -> None:
        """Let everything through again."""
        self._network.probe.request("GET", f"http://{self.name}:{ORDERS}/all")
