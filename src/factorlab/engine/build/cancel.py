"""Cutting off long calls to the engine that other threads wait in: builds and pulls.

Python cannot interrupt a thread that waits for the engine. Closing its connection can: the thread
reads the end of the stream, and the engine stops what nobody waits for any more.
"""

import socket
from contextlib import suppress
from typing import Any
from weakref import WeakSet

_LONG = ("/build", "/images/create")
_streams: "WeakSet[Any]" = WeakSet()


def remember_streams(client: Any) -> None:
    """Have a client's long calls known, so that they can be cut off."""
    client.api.hooks["response"].append(_remember)


def _remember(response: Any, **options: Any) -> None:
    if options.get("stream") and any(part in response.url for part in _LONG):
        _streams.add(response)


def cut_off() -> None:
    """Close the connections of all long calls of this process."""
    for response in list(_streams):
        with suppress(Exception):  # it has just ended by itself
            response.raw.connection.sock.shutdown(socket.SHUT_RDWR)
        with suppress(Exception):  # a named pipe on Windows has no shutdown
            response.raw.connection.sock.close()
