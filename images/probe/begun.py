"""A request that is begun now and brought to its end later: in flight for as long as one likes."""

import asyncio
import base64
import time
from typing import Any

from words import named

TAKEN_SECONDS = 1.0
"""How long an app has to say that it has a request; then it counts as one that never says so."""

Answer = dict[str, Any]


class Begun:
    """A request of which the app has the first part, and we hold back the rest."""

    def __init__(self, ask: Answer) -> None:
        body = base64.b64decode(ask["content"])
        self._taken = bool(ask["taken"])
        head = (
            f"{ask['method']} {ask['path']} HTTP/1.1\r\nHost: {ask['host']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            + "".join(f"{name}: {value}\r\n" for name, value in ask["headers"].items())
            + "Expect: 100-continue\r\n" * self._taken
            + "Connection: close\r\n\r\n"
        ).encode()
        self._first = b"" if ask["unsent"] else head if self._taken else head + body[:1]
        self._rest = (head + body)[len(self._first) :]
        self._line = b""
        """The last line that came from the app."""
        self._ending: asyncio.Task[Answer] | None = None

    async def begin(self, host: str, port: int) -> None:
        """Connect and send the first part. Asked to (`Expect`), an app that reads a request's head
        answers `100 Continue`: then it is certain that it has the request."""
        self._reader, self._writer = await asyncio.open_connection(host, port)
        self._writer.write(self._first)
        await self._writer.drain()
        if self._taken:
            try:
                async with asyncio.timeout(TAKEN_SECONDS):
                    self._line = await self._reader.readline()
            except TimeoutError:  # an app that does not know the header reads on all the same
                return

    def let_go(self, seconds: float) -> None:
        """Send the rest now."""
        self._ending = asyncio.create_task(self._end(seconds))

    async def end(self, seconds: float) -> Answer:
        """The status of the response, once the rest is sent."""
        return await (self._ending or self._end(seconds))

    async def _end(self, seconds: float) -> Answer:
        began = time.perf_counter()
        answer: Answer = {"error": "connection closed without a response"}
        try:
            async with asyncio.timeout(seconds):
                if not _is_final(self._line):
                    self._writer.write(self._rest)
                    await self._writer.drain()
                while not _is_final(self._line):
                    self._line = await self._reader.readline()
                    if not self._line:
                        break
            if _is_final(self._line):
                answer = {"status": int(self._line.split()[1])}
        except (OSError, TimeoutError) as error:
            answer = {"error": named(error)}
        finally:
            self._writer.close()
        return {**answer, "seconds": time.perf_counter() - began}


def _is_final(line: bytes) -> bool:
    """Whether a line is the head of a response, and not of `100 Continue`."""
    return line.startswith(b"HTTP/1.") and not line[9:].startswith(b"1")


begun: dict[str, Begun] = {}
"""Requests that were begun and not finished, by the key that the lab gave them."""
