"""Stands between an app and a service and cuts the line at an exact point: everything that arrives on
the service's port goes on to it, until an order says after how many pieces from apps it ends.

Arguments: host and port of the service. `GET /N` on port 7000 lets N more pieces through; with the
next one, all connections end, and new ones are refused until the next order. `GET /all` lets
everything through. A client library sends a command, or a pipeline of commands, as one piece.
"""

import asyncio
import sys

ORDERS = 7000
left: float = float("inf")
writers: set[asyncio.StreamWriter] = set()


async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter, counted: bool) -> None:
    """Copy one direction of a connection until it ends or is cut."""
    global left
    try:
        while piece := await source.read(65536):
            if counted:
                left -= 1
                if left < 0:
                    for writer in writers:
                        writer.transport.abort()
                    return
            target.write(piece)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        target.close()


async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Join one incoming connection with a new one to the service."""
    if left < 0:
        writer.transport.abort()
        return
    try:
        far_reader, far_writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    except OSError:
        writer.transport.abort()
        return
    pair = {writer, far_writer}
    writers.update(pair)
    await asyncio.gather(pour(reader, far_writer, True), pour(far_reader, writer, False))
    writers.difference_update(pair)


async def order(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take one order over HTTP."""
    global left
    line = await reader.readline()
    word = line.split()[1].decode().strip("/")
    left = float("inf") if word == "all" else int(word)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
    writer.close()


async def main() -> None:
    """Serve until stopped."""
    servers = (
        await asyncio.start_server(connect, "0.0.0.0", int(sys.argv[2])),
        await asyncio.start_server(order, "0.0.0.0", ORDERS),
    )
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
