"""The probe: one JSON request a line on standard input, one JSON answer a line on standard output.

It lives inside a lab's network, so requests and queries work the same whether the engine is on
this machine, in a virtual machine or far away. Answers come in the order in which they are
ready; `id` tells which request one belongs to.
"""

import asyncio
import base64
import json
import os
import sys
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
import psycopg

BODY_BYTES = 1_000_000
LINE_BYTES = 16_000_000
POLL_SECONDS = 0.02
TEXT_CHARACTERS = 2_000

Answer = dict[str, Any]


def client() -> httpx.AsyncClient:
    """A client that opens a connection for each request, follows nothing by itself, and keeps no
    cookie: many users send their requests through it."""
    return httpx.AsyncClient(
        headers={"connection": "close", "user-agent": "factorlab"},
        limits=httpx.Limits(max_keepalive_connections=0),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=False,
        verify=False,  # plain HTTP inside one private network
    )


async def http(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Send one request; a response of any status is an answer."""
    began = time.perf_counter()
    content = base64.b64decode(ask["content"]) if ask.get("content") else None
    seconds = ask.get("seconds", 10)
    try:
        async with asyncio.timeout(seconds):
            request = session.stream(
                ask.get("method", "GET"), ask["url"], headers=ask.get("headers"), content=content,
                timeout=seconds,
            )  # fmt: skip
            async with request as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > BODY_BYTES:
                        break
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        return {"error": named(error), "seconds": time.perf_counter() - began}
    return {
        "status": response.status_code,
        "headers": [[key, value] for key, value in response.headers.multi_items()],
        "content": base64.b64encode(bytes(body[:BODY_BYTES])).decode(),
        "seconds": time.perf_counter() - began,
    }


async def load(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Send many requests, so many at the same time, each on a connection of its own."""
    turn = asyncio.Semaphore(ask["at_once"])

    async def one(method: str, url: str, body: Any, headers: dict[str, str]) -> Answer:
        if body is not None:
            headers = {**headers, "content-type": "application/json"}
        content = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
        call = {"method": method, "url": url, "headers": headers, "content": content}
        async with turn:
            answer = await http(session, {**call, "seconds": ask["each"]})
        text = base64.b64decode(answer.get("content", "")).decode(errors="replace")
        return {
            "status": answer.get("status"),
            "error": answer.get("error", ""),
            "text": text[:TEXT_CHARACTERS],
            "headers": dict(httpx.Headers([*map(tuple, answer.get("headers", []))])),
            "seconds": answer["seconds"],
        }

    try:
        async with asyncio.timeout(ask["seconds"]):
            return {"replies": await asyncio.gather(*(one(*call) for call in ask["calls"]))}
    except TimeoutError:
        return {"error": "timed out"}


def named(error: BaseException) -> str:
    """The reason for no answer, in the words that the course uses."""
    text = str(error)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "timed out"
    if "Name or service not known" in text or "name resolution" in text:
        return "unknown host"
    if isinstance(error, httpx.ConnectError):
        return "connection refused"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "connection closed without a response"
    return text or type(error).__name__


async def wait_http(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Ask again and again until a response of any status comes, or the seconds are over.

    While nothing listens, only connections are tried: many apps are waited for side by side, and
    a whole request each hundredth of a second would take the cores that they need to start.
    """
    url = httpx.URL(ask["url"])
    deadline = time.monotonic() + ask["seconds"]
    while True:
        answer: Answer = {"error": "connection refused"}
        if await listens(url.host, url.port or 80):
            left = deadline - time.monotonic()
            answer = await http(session, {"url": ask["url"], "seconds": max(0.05, min(2.0, left))})
        if "status" in answer or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(POLL_SECONDS)


async def listens(host: str, port: int) -> bool:
    """Whether a connection is accepted there."""
    try:
        async with asyncio.timeout(2):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def sql(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run statements on one connection, each committed by itself; rows of the last one."""
    try:
        async with asyncio.timeout(ask.get("seconds", 10)):
            connection = await psycopg.AsyncConnection.connect(
                ask["dsn"], autocommit=True, connect_timeout=5, application_name="factorlab"
            )
            async with connection:
                for statement, parameters in ask["statements"]:
                    cursor = await connection.execute(statement, parameters or None)
                rows = await cursor.fetchall() if cursor.description else []
    except (psycopg.Error, TimeoutError, OSError) as error:
        return {"error": str(error).strip() or "timed out"}
    return {"rows": [[plain(value) for value in row] for row in rows]}


async def wait_sql(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run the statements as soon as the server accepts connections."""
    deadline = time.monotonic() + ask["seconds"]
    while True:
        answer = await sql(session, ask)
        if "rows" in answer or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(POLL_SECONDS)


transactions: dict[str, psycopg.AsyncConnection[Any]] = {}
"""Transactions that were opened and not ended, by the key that the lab gave them."""


async def open_transaction(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run statements in one transaction and leave it open: what it locks stays locked."""
    try:
        async with asyncio.timeout(ask["seconds"]):
            connection = await psycopg.AsyncConnection.connect(
                ask["dsn"], connect_timeout=5, application_name="factorlab"
            )
            transactions[ask["key"]] = connection
            for statement, parameters in ask["statements"]:
                await connection.execute(statement, parameters or None)
    except (psycopg.Error, TimeoutError, OSError) as error:
        await end_transaction(_, ask)
        return {"error": str(error).strip() or "timed out"}
    return {"open": True}


async def end_transaction(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Give up a transaction that was left open, with its locks and without its changes."""
    if connection := transactions.pop(ask["key"], None):
        await connection.close()
    return {"open": False}


held: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]] = {}
"""Requests that were begun and not finished, by the key that the lab gave them."""


async def begin(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Send a request's head and the first byte of its body: it is under way and cannot end."""
    body = base64.b64decode(ask["content"])
    head = (
        f"{ask['method']} {ask['path']} HTTP/1.1\r\nHost: {ask['host']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(ask["seconds"]):
            reader, writer = await asyncio.open_connection(ask["host"], ask["port"])
            writer.write(head.encode() + body[:1])
            await writer.drain()
    except (OSError, TimeoutError) as error:
        return {"error": named(error)}
    held[ask["key"]] = (reader, writer, body[1:])
    return {"begun": True}


async def finish(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Send the rest of a request that was begun; the status of its response."""
    reader, writer, rest = held.pop(ask["key"])
    try:
        async with asyncio.timeout(ask["seconds"]):
            writer.write(rest)
            await writer.drain()
            line = await reader.readline()
    except (OSError, TimeoutError) as error:
        return {"error": named(error)}
    finally:
        writer.close()
    parts = line.split()
    if len(parts) < 2:
        return {"error": "connection closed without a response"}
    return {"status": int(parts[1])}


async def write(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Replace a file on the mounted volume in one step, as a platform rotates a secret."""
    partial = ask["path"] + ".part"
    with open(partial, "w", encoding="utf-8") as file:
        file.write(ask["text"])
    os.replace(partial, ask["path"])
    return {"written": len(ask["text"])}


async def redis(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run one Redis command, trying until the server answers or the seconds are over."""
    from redis.asyncio import Redis
    from redis.exceptions import BusyLoadingError, ConnectionError, RedisError, TimeoutError

    deadline = time.monotonic() + ask.get("seconds", 10)
    server = Redis.from_url(ask["url"], socket_timeout=2, decode_responses=True)
    async with server:
        while True:
            try:
                return {"value": plain(await server.execute_command(*ask["command"]))}
            except (ConnectionError, TimeoutError, BusyLoadingError, OSError) as error:
                if time.monotonic() > deadline:
                    return {"error": str(error)}
                await asyncio.sleep(POLL_SECONDS)
            except RedisError as error:  # the server's own word: asking again changes nothing
                return {"error": str(error)}


def plain(value: Any) -> Any:
    """A database value as JSON can carry it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return str(value)


OPERATIONS = {
    "http": http,
    "load": load,
    "wait_http": wait_http,
    "sql": sql,
    "wait_sql": wait_sql,
    "open_transaction": open_transaction,
    "end_transaction": end_transaction,
    "begin": begin,
    "finish": finish,
    "write": write,
    "redis": redis,
}


async def answer(session: httpx.AsyncClient, line: bytes) -> None:
    """Do what one line asks, and write the answer as one line."""
    ask = json.loads(line)
    try:
        result = await OPERATIONS[ask["op"]](session, ask)
    except Exception as error:  # the probe must outlive every request
        result = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps({"id": ask["id"], **result}) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Serve until standard input closes: when its lab is gone, so is the probe."""
    lines = asyncio.StreamReader(limit=LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    running: set[asyncio.Task[None]] = set()
    async with client() as session:
        while line := await lines.readline():
            task = asyncio.create_task(answer(session, line))
            running.add(task)
            task.add_done_callback(running.discard)


asyncio.run(main())
