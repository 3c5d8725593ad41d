"""A gate between an app and its stores, to end the app at an exact point of its work."""

from typing import Any
from urllib.parse import urlsplit

from factorlab.lab.app import App
from factorlab.lab.lab import Lab

EVER = 1_000_000


class Gate:
    """What apps send to their stores goes through the lab's probe and can be stopped there after
    some **turns**. A turn is what an app sends after the store has answered: one command, or
    several together. Setting up a connection takes turns too; a lab's gates count together."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def through(self, url: str) -> str:
        """The URL of a PostgreSQL or Redis server, leading through the gate."""
        parts = urlsplit(url)
        if not parts.hostname or not parts.port:
            raise ValueError(f"{parts.scheme}: a gate needs a URL with host and port")
        port = self._lab.probe.open_gate(parts.hostname, parts.port)
        return url.replace(f"{parts.hostname}:{parts.port}", f"probe:{port}")

    def turns(self, app: App, method: str, path: str, json: Any = None) -> int:
        """Send a request that nothing stops; how many turns the app took for it."""
        return self._lab.probe.request_to_gate(method, app.url + path, json, EVER)[1]

    def stops(self, app: App, method: str, path: str, json: Any = None, *, after: int) -> bool:
        """Send a request, let so many turns pass and stop the next. False when there is none, and
        the request is answered. When stopped, the app hangs until it is killed; then `open` the
        gate, since nothing passes before."""
        return self._lab.probe.request_to_gate(method, app.url + path, json, after)[0]

    def open(self) -> None:
        """Let everything pass again."""
        self._lab.probe.pass_all()
