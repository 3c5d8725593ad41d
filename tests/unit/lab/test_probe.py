"""Headers that are not ASCII, as apps may send them: through the probe's program and to the lab."""

import asyncio
import base64
import json
import socket
import sys
import time
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from factorlab.lab import probe as module
from factorlab.lab.probe import Probe

FOLDER = Path(__file__).resolve().parents[3] / "images" / "probe"
LATIN, UTF8 = "Zoë".encode("latin-1"), "Zoë €".encode()


@pytest.fixture
def program(monkeypatch):
    """The program that runs in the probe's container, without its last line, which serves."""
    monkeypatch.syspath_prepend(str(FOLDER))
    source = (FOLDER / "probe.py").read_text()
    assert source.endswith("\nasyncio.run(main())\n")
    made = ModuleType("probe_program")
    code = "from __future__ import annotations\n" + source.removesuffix("asyncio.run(main())\n")
    exec(compile(code, "probe.py", "exec"), made.__dict__)
    yield made
    for name in ("begun", "fire", "words"):
        sys.modules.pop(name, None)


class Told(httpx.MockTransport):
    """An app that sends headers of all kinds, and remembers those that it was sent."""

    def __init__(self):
        self.cookies = []
        super().__init__(self.answer)

    def answer(self, request):
        self.cookies.append(dict(request.headers.raw).get(b"cookie", b""))
        headers = [(b"X-User", LATIN), (b"x-euro", UTF8), (b"set-cookie", b"a=" + LATIN)]
        return httpx.Response(200, headers=[*headers, (b"set-cookie", b"b=2")], content=b"ok")


def load(program, app, *calls):
    async def ask():
        async with httpx.AsyncClient(transport=app) as session:
            each = {"at_once": 2, "seconds": 10, "each": 5, "calls": calls}
            return await program.load(session, each)

    return json.loads(json.dumps(asyncio.run(ask())))


def test_one_app_with_such_headers_spoils_no_load(program):
    app = Told()
    call = ("GET", "http://app:8000/", None, {"cookie": "a=1"})
    replies = load(program, app, call, call)["replies"]
    assert [reply["status"] for reply in replies] == [200, 200]
    assert replies[0]["headers"]["x-user"] == "Zoë"
    assert replies[0]["headers"]["set-cookie"] == "a=Zoë, b=2"


def test_a_cookie_goes_back_byte_for_byte(program):
    app = Told()
    for cookie in ("a=Zoë", UTF8.decode("latin-1"), "€"):
        [reply] = load(program, app, ("GET", "http://app/", None, {"cookie": cookie}))["replies"]
        assert reply["status"] == 200
    assert app.cookies == [b"a=" + LATIN, UTF8, "€".encode()]


class Channel:
    """The way to a probe whose program runs here."""

    def __init__(self, program, app):
        self._program, self._app = program, app

    def call(self, op, **ask):
        async def answer():
            async with httpx.AsyncClient(transport=self._app) as session:
                return await self._program.http(session, ask)

        return json.loads(json.dumps(asyncio.run(answer())))


def test_a_response_has_the_headers_that_the_app_sent(program):
    probe = Probe.__new__(Probe)
    probe._channel = Channel(program, Told())
    response = probe.request("GET", "http://app/", headers={"x-greeting": "grüße, €"})
    assert response.headers["x-user"] == "Zoë"
    assert (b"x-euro", UTF8) in response.headers.raw
    assert response.text == "ok"


def test_only_utf8_is_read_as_utf8():
    answer = {
        "status": 200,
        "content": base64.b64encode(b"ok").decode(),
        "seconds": 0.1,
        "headers": [["x-euro", UTF8.decode("latin-1")]],
    }
    response = module._response(httpx.Request("GET", "http://app/"), answer)
    assert response.headers["x-euro"] == "Zoë €"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_a_name_is_looked_up_once_while_nothing_listens_yet(program, monkeypatch):
    looked_up, real = [], socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *how, **more: looked_up.append(how[0]) or real(*how, **more)
    )

    async def knock():
        port, soon = free_port(), time.monotonic() + 10
        door = program.Door("127.0.0.1", port)
        before = [await door.opens(soon) for _ in range(3)]
        once = list(looked_up)
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
        async with server:
            return before, once, await door.opens(soon)

    assert asyncio.run(knock()) == ([False, False, False], ["127.0.0.1"], True)


def test_a_name_that_leads_nowhere_is_looked_up_anew(program, monkeypatch):
    answers = iter([socket.gaierror("unknown"), TimeoutError()])

    def getaddrinfo(*how, **more):
        raise next(answers)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def knock():
        door = program.Door("app", 8000)
        return [await door.opens(time.monotonic() + 5) for _ in range(2)]

    assert asyncio.run(knock()) == [False, False]
    assert list(answers) == []


def test_a_database_is_not_asked_before_it_listens(program, monkeypatch):
    asked = []

    async def sql(_, ask):
        asked.append(ask["dsn"])
        return {"rows": []} if len(asked) > 1 else {"error": "the database system is starting up"}

    opens = iter([False, False, True])

    class Door:
        def __init__(self, host, port):
            assert (host, port) == ("orders-db", 5433)

        async def opens(self, deadline):
            assert not asked
            return next(opens)

    monkeypatch.setattr(program, "sql", sql)
    monkeypatch.setattr(program, "Door", Door)
    dsn = "postgresql://shop:a%40b@orders-db:5433/shop"
    ask = {"dsn": dsn, "statements": [], "seconds": 10}
    assert asyncio.run(program.wait_sql(None, ask)) == {"rows": []}
    assert asked == [dsn, dsn]
    assert list(opens) == []


def test_a_database_that_never_listens_is_asked_at_the_end_for_its_words(program, monkeypatch):
    async def sql(_, ask):
        return {"error": "connection refused"}

    monkeypatch.setattr(program, "sql", sql)
    ask = {"dsn": f"postgresql://127.0.0.1:{free_port()}/x", "statements": [], "seconds": 0.1}
    assert asyncio.run(program.wait_sql(None, ask)) == {"error": "connection refused"}
