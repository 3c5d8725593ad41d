"""A one-off process: a container that runs one command to its end, and serves nobody."""

from collections.abc import Mapping, Sequence

from factorlab.display import working
from factorlab.engine.build.build import Build
from factorlab.lab.apps.process import Process, as_text, plan
from factorlab.lab.network import Network

SECONDS = 60
"""How long one is waited for."""


class OneOff(Process):
    """One command in a container of its own, with a release's image and environment; made by
    `App.once` and `Lab.once`. Its `exit_code` is None while it runs."""

    def start(self, seconds: float = SECONDS) -> "OneOff":
        """Start it and wait until it ends, or the seconds are over."""
        self._container.start()
        if seconds:
            with working(f"waiting for '{self.name}' to end"):
                self.wait(seconds)
        return self

    @property
    def out(self) -> str:
        """What it wrote to standard output."""
        return self.logs(stderr=False)

    @property
    def err(self) -> str:
        """What it wrote to standard error."""
        return self.logs(stdout=False)

    def __repr__(self) -> str:
        return f"<OneOff {self.name}: {self.state.status}>"


def run_once(
    network: Network,
    build: Build,
    name: str,
    command: Sequence[str],
    *,
    cpus: float = 1.0,
    env: Mapping[str, str] | None = None,
    wait: bool = True,
    seconds: float = SECONDS,
) -> OneOff:
    """Start a one-off process of a built image; with `wait`, until it ends or the seconds are over.
    Its name is derived from the app's. Raises NotStarted when there is no such command."""
    name, variables = network.fresh(f"{name}-once"), as_text(env)
    made = plan(network, build, name, variables, command=command, cpus=cpus)
    one = OneOff(network, name, build, network.create(made), variables)
    return one.start(seconds if wait else 0)
