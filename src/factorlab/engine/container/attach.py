"""A line of JSON in, a line of JSON out, to a process inside a container.

It runs over the engine's own connection (attach), so it needs no published port and works with
an engine in a virtual machine or on another computer. When this process ends, the container's
standard input closes and the process inside ends too.
"""

import itertools
import json
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any

from factorlab.engine.container.container import Container
from factorlab.engine.container.streams import frames, hang_up, readable
from factorlab.errors import NotReady

STDOUT = 1
GRACE_SECONDS = 20
"""How much longer than the request itself we wait before the probe counts as lost."""


class Channel:
    """Requests to one interactive container; safe to use from several threads."""

    def __init__(self, container: Container) -> None:
        """Attach to a created container, then start it."""
        self.container = container
        self._socket = readable(container.attach())
        self._ids = itertools.count(1)
        self._waiting: dict[int, Future[dict[str, Any]]] = {}
        self._errors: list[str] = []
        self._write = threading.Lock()
        self._closed = False
        container.start()
        threading.Thread(target=self._read, name="factorlab-channel", daemon=True).start()

    @property
    def open(self) -> bool:
        """Whether requests can still be sent."""
        return not self._closed

    def call(self, op: str, *, seconds: float = 10, **parameters: Any) -> dict[str, Any]:
        """Send one request and wait at most `seconds` (and a grace period) for its answer, which is a
        record of JSON. Raises NotReady when the probe is gone."""
        id = next(self._ids)
        answer: Future[dict[str, Any]] = Future()
        self._waiting[id] = answer
        line = json.dumps({"id": id, "op": op, "seconds": seconds, **parameters}) + "\n"
        try:
            if self._closed:
                raise OSError("closed")
            with self._write:
                self._send(line.encode())
            return answer.result(seconds + GRACE_SECONDS)
        except (OSError, FutureTimeout) as error:
            raise NotReady(
                "The lab's probe, which sends the requests, does not answer.",
                why="".join(self._errors)[-600:]
                or f"Its state is {self.container.state().status}.",
                next="run the cell that makes the lab again; if it stays so, `factorlab doctor`.",
            ) from error
        finally:
            self._waiting.pop(id, None)

    def close(self) -> None:
        """Close the container's standard input."""
        self._closed = True
        hang_up(self._socket)

    def _send(self, data: bytes) -> None:
        raw = getattr(self._socket, "_sock", self._socket)
        if hasattr(raw, "sendall"):
            raw.sendall(data)
        else:  # a named pipe on Windows, or an SSH channel
            while data:
                data = data[raw.send(data) :]

    def _read(self) -> None:
        buffer = b""
        with suppress(OSError, ValueError):
            for stream, chunk in frames(self._socket):
                if stream != STDOUT:
                    self._errors.append(chunk.decode(errors="replace"))
                    continue
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    self._deliver(json.loads(line))
        self._closed = True
        for answer in list(self._waiting.values()):
            if not answer.done():
                answer.set_exception(OSError("the probe has ended"))

    def _deliver(self, answer: dict[str, Any]) -> None:
        waiting = self._waiting.get(answer["id"])
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
