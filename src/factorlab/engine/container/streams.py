"""The attached streams of an engine, read and written by two threads; also behind TLS.

The Docker SDK waits for the network before each read. Behind TLS, the header and the text of a
frame come in one record: after the header the text lies in OpenSSL's buffer, and the network stays
silent until somebody sends the next request. So here a read comes first, and the wait after it.
"""

import selectors
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

from docker.utils.socket import frames_iter

SEND_SECONDS = 120
POLL_SECONDS = 1
"""How long one wait for the network may be: a connection that was closed meanwhile is noticed."""
_HEADER = struct.Struct(">BxxxL")
"""The stream (1 is standard output) and the length of what follows."""


def readable(stream: Any) -> Any:
    """The stream of the engine in the form that `frames` and `hang_up` take, whatever its connection
    is: a socket, TLS, a named pipe."""
    return TlsStream(stream) if isinstance(stream, ssl.SSLSocket) else stream


def frames(stream: Any) -> Iterator[tuple[int, bytes]]:
    """The stream (1 is standard output) and the text of each frame, until the other side ends.
    Raises OSError when the connection is lost."""
    if isinstance(stream, TlsStream):
        return stream.frames()
    found: Iterator[tuple[int, bytes]] = frames_iter(stream, tty=False)
    return found


def hang_up(stream: Any) -> None:
    """Close a stream of the engine; a thread that reads from it sees its end."""
    raw = getattr(stream, "_sock", stream)
    with suppress(OSError, AttributeError):  # only sockets can be shut down, pipes cannot
        raw.shutdown(SHUT_RDWR)
    with suppress(OSError):
        stream.close()


class TlsStream:
    """A socket that never blocks inside OpenSSL, whose connections are not made for two threads:
    each call of it is short and has the lock, and the waiting is done without it."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        connection.settimeout(0)
        self._connection = connection
        self._lock = threading.Lock()

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """See `frames`."""
        buffer = b""
        while data := self._received():
            buffer += data
            while len(buffer) >= _HEADER.size:
                stream, length = _HEADER.unpack_from(buffer)
                end = _HEADER.size + length
                if len(buffer) < end:
                    break
                yield stream, buffer[_HEADER.size : end]
                buffer = buffer[end:]

    def sendall(self, data: bytes) -> None:
        """Send all of it. Raises OSError when the connection is lost or takes nothing more."""
        deadline = time.monotonic() + SEND_SECONDS
        while data:
            try:
                with self._lock:
                    data = data[self._connection.send(data) :]
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)
            if data and time.monotonic() > deadline:
                raise TimeoutError("the engine takes nothing more")

    def shutdown(self, how: int) -> None:
        """As `socket.shutdown`."""
        with self._lock:
            self._connection.shutdown(how)

    def close(self) -> None:
        """As `socket.close`."""
        with self._lock:
            self._connection.close()

    def _received(self) -> bytes:
        """The bytes that have come; empty at the end."""
        while True:
            try:
                with self._lock:
                    return self._connection.recv(2**16)
            except ssl.SSLWantReadError:
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)

    def _wait(self, events: int) -> None:
        with selectors.DefaultSelector() as selector:
            try:
                selector.register(self._connection, events)
            except ValueError as error:
                raise OSError("the connection was closed") from error
            selector.select(POLL_SECONDS)
