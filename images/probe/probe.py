"""The probe: one JSON request a line on standard input, one JSON answer a line on standard output.

It lives inside a lab's network, so requests and queries work the same whether the engine is on
this machine, in a virtual machine or far away. Answers come in the order in which they are
ready; `id` tells which request one belongs to.
"""

import asyncio
import base64
import json
import os
import socket
import sys
import time
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from begun import Begun, begun
from fire import cease, keep_firing
from words import named

if TYPE_CHECKING:
    import psycopg

BODY_BYTES = 1_000_000
LINE_BYTES = 16_000_000
POLL_SECONDS = 0.02
WAIT_SECONDS = 0.04
"""How long to wait between two tries to reach what is just being started."""
TEXT_CHARACTERS = 2_000
HEADERS = "latin-1"
"""How the bytes of headers are written as text: each is one character, so that none is lost."""

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
                ask.get("method", "GET"),
                ask["url"],
                headers=raw(ask.get("headers") or {}),
                content=content,
                timeout=seconds,
            )
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
        "headers": [
            [key.decode(HEADERS).lower(), value.decode(HEADERS)]
            for key, value in response.headers.raw
        ],
        "content": base64.b64encode(bytes(body[:BODY_BYTES])).decode(),
        "seconds": time.perf_counter() - began,
    }


async def load(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Send many requests, so many at the same time, each on a connection of its own."""
    turn = asyncio.Semaphore(ask["at_once"])

    async def one(*call: Any) -> Answer:
        async with turn:
            return await reply(session, ask["each"], *call)

    try:
        async with asyncio.timeout(ask["seconds"]):
            return {"replies": await asyncio.gather(*(one(*call) for call in ask["calls"]))}
    except TimeoutError:
        return {"error": "timed out"}


async def reply(
    session: httpx.AsyncClient,
    seconds: float,
    method: str,
    url: str,
    body: Any,
    headers: dict[str, str],
) -> Answer:
    """Send one request of a load; what became of it, also when no response came."""
    if body is not None:
        headers = {**headers, "content-type": "application/json"}
    content = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
    call = {"method": method, "url": url, "headers": headers, "content": content}
    answer = await http(session, {**call, "seconds": seconds})
    text = base64.b64decode(answer.get("content", "")).decode(errors="replace")
    return {
        "status": answer.get("status"),
        "error": answer.get("error", ""),
        "text": text[:TEXT_CHARACTERS],
        "headers": joined(answer.get("headers", [])),
        "seconds": answer["seconds"],
    }


def raw(headers: dict[str, str]) -> dict[bytes, bytes]:
    """Headers as they are sent: bytes that came from an app go back to it as they were."""

    def encoded(text: str) -> bytes:
        try:
            return text.encode(HEADERS)
        except UnicodeEncodeError:  # it did not come from an app
            return text.encode()

    return {encoded(key): encoded(value) for key, value in headers.items()}


def joined(headers: list[list[str]]) -> dict[str, str]:
    """The headers of a response; several of one name as one, with commas in between."""
    pairs = [(key.encode(HEADERS), value.encode(HEADERS)) for key, value in headers]
    return dict(httpx.Headers(pairs, encoding=HEADERS))


async def fire(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Begin to send a request again and again (see fire.py)."""
    return await keep_firing(partial(reply, session, ask["each"], *ask["call"]), ask)


async def wait_http(session: httpx.AsyncClient, ask: Answer) -> Answer:
    """Ask again and again until a response of any status comes, or the seconds are over.

    While nothing listens, only connections are tried: many apps are waited for side by side, and
    a whole request each time would take the cores that they need to start.
    """
    url = httpx.URL(ask["url"])
    door = Door(url.host, url.port or 80)
    deadline = time.monotonic() + ask["seconds"]
    while True:
        answer: Answer = {"error": "connection refused"}
        if await door.opens(deadline):
            left = deadline - time.monotonic()
            answer = await http(session, {"url": ask["url"], "seconds": max(0.05, min(2.0, left))})
        if "status" in answer or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(WAIT_SECONDS)


class Door:
    """A port that is knocked at again and again. Its address is looked up once, and anew when
    there is no answer at all: each look-up is work for the engine, which answers for names."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._address: tuple[int, Any] | None = None

    async def opens(self, deadline: float) -> bool:
        """Whether a connection is accepted there, within 2 seconds and before the deadline."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(max(0.05, min(2.0, deadline - time.monotonic()))):
                if self._address is None:
                    [(family, *_, place), *_] = await loop.getaddrinfo(
                        self._host, self._port, type=socket.SOCK_STREAM
                    )
                    self._address = family, place
                with socket.socket(self._address[0], socket.SOCK_STREAM) as knocking:
                    knocking.setblocking(False)
                    await loop.sock_connect(knocking, self._address[1])
        except ConnectionRefusedError:  # it is there, and nothing listens yet
            return False
        except (OSError, TimeoutError):
            self._address = None
            return False
        return True


async def sql(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run statements on one connection, each committed by itself; rows of the last one."""
    import psycopg  # here: most labs have no database, and it takes a quarter of the probe's start

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
    url = urlsplit(ask["dsn"])
    door = Door(url.hostname or "", url.port or 5432)
    deadline, listens = time.monotonic() + ask["seconds"], False
    while True:
        listens = listens or await door.opens(deadline)
        if listens or time.monotonic() > deadline:
            answer = await sql(session, ask)
            if "rows" in answer or time.monotonic() > deadline:
                return answer
        await asyncio.sleep(WAIT_SECONDS)


transactions: "dict[str, psycopg.AsyncConnection[Any]]" = {}
"""Transactions that were opened and not ended, by the key that the lab gave them."""


async def open_transaction(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Run statements in one transaction and leave it open: what it locks stays locked."""
    import psycopg

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


async def begin(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Begin a request once for each key: it is under way and cannot end. With `hold` false, the
    rest is sent as soon as the app has all of them."""
    fresh = {key: Begun(ask) for key in ask["keys"]}
    try:
        async with asyncio.timeout(ask["seconds"]):
            await asyncio.gather(*(one.begin(ask["host"], ask["port"]) for one in fresh.values()))
    except (OSError, TimeoutError) as error:
        return {"error": named(error)}
    if not ask["hold"]:
        for one in fresh.values():
            one.let_go(ask["each"])
    begun.update(fresh)
    return {"begun": len(fresh)}


async def finish(_: httpx.AsyncClient, ask: Answer) -> Answer:
    """Bring requests that were begun to their end; what became of each."""
    ending = [begun.pop(key) for key in ask["keys"]]
    return {"ends": await asyncio.gather(*(one.end(ask["seconds"]) for one in ending))}


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
    "fire": fire,
    "cease": lambda _, ask: cease(ask),
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
