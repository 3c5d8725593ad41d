"""Gates between an app and its stores: they pass everything on, and can stop at an exact point.

A **turn** is what a client sends after the server has answered it: one command, or several that it
sends together. When a gate is set to stop after some turns, it passes so many, and holds back the
next one and all that follows, on every connection. Who is killed then has done exactly that much.
"""

import asyncio
import contextlib
from collections.abc import Coroutine

EVER = 1_000_000
Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter

_servers: list[asyncio.Server] = []
passed = 0
"""Turns since the last `set_to`."""
_most = EVER
stopped = asyncio.Event()
"""Set when a turn is held back."""


async def open_to(host: str, port: int) -> int:
    """Open a gate to a server; the port on which it stands here."""

    async def connect(reader: Reader, writer: Writer) -> None:
        await _join(reader, writer, host, port)

    server = await asyncio.start_server(connect, "0.0.0.0", 0)
    _servers.append(server)
    return int(server.sockets[0].getsockname()[1])


def set_to(most: int) -> None:
    """From now on, let so many turns pass, over all gates together."""
    global passed, _most
    passed, _most = 0, most
    stopped.clear()


def _passes() -> bool:
    global passed
    if passed >= _most:
        stopped.set()
        return False
    passed += 1
    return True


async def _join(reader: Reader, writer: Writer, host: str, port: int) -> None:
    """Join one connection of a client with one to the server."""
    try:
        server_reader, server_writer = await asyncio.open_connection(host, port)
    except OSError:
        writer.close()
        return
    answered = True

    async def forth() -> None:
        nonlocal answered
        held = False
        while chunk := await reader.read(65536):
            if answered:
                answered, held = False, held or not _passes()
            if not held:  # what is held is never sent: its client will not live to see it
                server_writer.write(chunk)
                await server_writer.drain()

    async def back() -> None:
        nonlocal answered
        while chunk := await server_reader.read(65536):
            answered = True
            writer.write(chunk)
            await writer.drain()

    await asyncio.gather(_until_closed(forth(), server_writer), _until_closed(back(), writer))


async def _until_closed(pouring: Coroutine[None, None, None], target: Writer) -> None:
    with contextlib.suppress(OSError):
        await pouring
    target.close()
