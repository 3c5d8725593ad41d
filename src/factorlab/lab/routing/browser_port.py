"""The way from a browser on this machine into a lab: a loopback port that leads to one app."""

from dataclasses import replace

from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits
from factorlab.lab.network import Network

SECONDS = 5
"""How long a door may take to lead to its app before its address is given out all the same."""


def loopback_port(network: Network, host: str, port: int) -> int:
    """The loopback port on the engine's machine that leads to this host and port of a lab. A
    container forwards, in the lab's network and in one that may publish ports; it is made when it
    is first asked for."""
    if (host, port) not in network.ports:
        name = f"door-{host}"
        plan = replace(
            network.plan("probe", "door", host, Limits()),
            name=network.session.object_name(f"{name}-{port}"),
            network=network.outside,
            aliases=[name],
            command=["python", "/opt/probe/forward.py", host, str(port)],
            publish=8080,
        )
        container = Container.create(plan)
        try:
            container.join(network.name)
            container.start()
            network.probe.wait_http(f"http://{container.name}:8080/", seconds=SECONDS)
            network.ports[host, port] = container.published()
        except BaseException:  # an interrupt, too: its name must be free for the next try
            container.remove()
            raise
    return network.ports[host, port]
