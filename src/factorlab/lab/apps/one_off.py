"""A one-off process: a container that runs one command to its end, and serves nobody."""

from factorlab.display import working
from factorlab.lab.apps.process import Process


class OneOff(Process):
    """One command in a container of its own, with a release's image and environment; made by
    `App.once` and `Lab.once`. Its `exit_code` is None while it runs."""

    def start(self, seconds: float = 60) -> "OneOff":
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
