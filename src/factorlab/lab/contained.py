"""What all that a lab runs has in common: a container with a log, and the faults one gives it."""

from factorlab.engine.container.container import Container
from factorlab.errors import NotReady
from factorlab.lab.apps.log_stream import Stream
from factorlab.lab.network import Network
from factorlab.waiting import until

LOG_SECONDS = 10.0


class Contained:
    """Something in a container of the lab's network."""

    name: str
    _network: Network
    _container: Container

    def logs(self, tail: int | None = None, *, stdout: bool = True, stderr: bool = True) -> str:
        """What it wrote to standard output and standard error, or to one of them; the last `tail`
        lines. Empty when the container is gone: its log went with it."""
        return self._container.logs(tail=tail, stdout=stdout, stderr=stderr)

    def logs_with(self, mark: str, *, stderr: bool = True) -> str:
        """Its log once it holds a mark that it was made to write: then it also holds all that was
        written before. The engine writes lines down a moment later. Raises NotReady when the mark
        does not come in 10 seconds (four times as many on an overloaded machine)."""
        log = until(
            lambda: self.logs(stderr=stderr),
            LOG_SECONDS,
            enough=lambda log: mark in log,
            longer=self._network.probe.patient,
        )
        if mark not in log:
            raise NotReady(
                f"The log of '{self.name}' did not come to its end in {LOG_SECONDS:g} seconds.",
                why="the engine is slow to write down what containers say.",
                next="run `factorlab doctor`; then run this again.",
            )
        return log

    def follow(self) -> Stream:
        """Follow its log from outside, from its first line on: what has come stays with you when
        the container is gone."""
        return Stream(self.name, self._container)

    def pause(self) -> None:
        """Freeze it: connections are accepted and never answered."""
        self._container.pause()

    def unpause(self) -> None:
        """Let it run on."""
        self._container.unpause()

    def disconnect(self) -> None:
        """Cut it off the network, as by pulling a cable: it runs on, its name is unknown, and
        packets to it and from it are lost without a word."""
        self._container.leave(self._network.name)

    def reconnect(self) -> None:
        """Connect it again, under the same names."""
        self._container.join(self._network.name)
