"""Lets a browser on this machine into a private network: everything that arrives on port 8080
goes to the host and port named as arguments."""

import asyncio
import sys


async def pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy one direction of a connection until it ends."""
    try:
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        target.close()


async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Join one incoming connection with a new one to the app."""
    try:
        app_reader, app_writer = await asyncio.open_connection(sys.argv[1], int(sys.argv[2]))
    except OSError:
        writer.close()
        return
    await asyncio.gather(pour(reader, app_writer), pour(app_reader, writer))


async def main() -> None:
    """Serve until stopped."""
    server = await asyncio.start_server(connect, "0.0.0.0", 8080)
    await server.serve_forever()


asyncio.run(main())
