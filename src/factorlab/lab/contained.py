"""What all that a lab runs has in common: a container with a log, and the faults one gives it."""

from typing import TYPE_CHECKING

from factorlab.lab.stream import Stream

if TYPE_CHECKING:
    from factorlab.engine.containers import Container
    from factorlab.lab.lab import Lab


class Contained:
    """Something in a container of the lab's network."""

    name: str
    _lab: "Lab"
    _container: "Container"

    def logs(self, tail: int | None = None, *, stdout: bool = True, stderr: bool = True) -> str:
        """What it wrote to standard output and standard error, or to one of them; the last `tail`
        lines. Empty when the container is gone: its log went with it."""
        return self._container.logs(tail=tail, stdout=stdout, stderr=stderr)

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
        self._container.leave(self._lab.network)

    def reconnect(self) -> None:
        """Connect it again, under the same names."""
        self._container.join(self._lab.network)
