"""The lab's hands: requests and queries made from inside its network."""

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from factorlab.engine.cleanup.labels import Session
from factorlab.engine.container.attach import Channel
from factorlab.engine.container.container import Container
from factorlab.engine.container.plan import Limits, Plan
from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import FactorLabError, NoAnswer, NotReady

if TYPE_CHECKING:
    import httpx

    from factorlab.lab.apps.request import Request

HEADERS = "latin-1"
"""How the probe writes the bytes of headers as text: an app may send any."""
SECRETS = "/secrets"
"""Where the probe sees the volume that apps see as /run/secrets."""

WAIT = """
import time
began, used = time.monotonic(), time.process_time()
while time.process_time() < used + 0.05:
    pass
print((time.monotonic() - began) / 0.05)
"""
"""How many times as long as it computes something takes in the probe. The load average would not
do: one app with many processes drives it up, and slows nobody down but itself."""
CROWDED = 4
PATIENCE = 4
"""How many times as long an app may take on a machine where programs queue for a core: that is
not the app's fault."""


class Probe:
    """The container that asks; started with the lab, gone with it."""

    def __init__(self, session: Session, network: str, volume: str) -> None:
        plan = Plan(
            image=IMAGES["probe"].tag,
            name=session.object_name("probe"),
            labels=session.labels("probe"),
            network=network,
            aliases=["probe"],
            limits=Limits(memory_mib=512, cpus=2, processes=256),
            volumes={volume: (SECRETS, True)},
            interactive=True,
        )
        self._channel = Channel(Container.create(plan))

    @property
    def alive(self) -> bool:
        """Whether its channel is still open."""
        return self._channel.open

    def overloaded(self) -> bool:
        """Whether whoever wants to compute on the engine's machine now gets less than a quarter
        of a core."""
        status, output = self._channel.container.exec(["python", "-c", WAIT])
        return status == 0 and float(output) > CROWDED

    def stretched(self, seconds: float) -> float:
        """These seconds, or four times as many when the machine is overloaded now."""
        return seconds * PATIENCE if self.overloaded() else seconds

    def patient(self, waited: float, seconds: float) -> bool:
        """Whether to wait on for what may take these seconds, or four times as many while the
        machine is overloaded: a queue for a core is nobody's fault."""
        return waited < seconds or (waited < PATIENCE * seconds and self.overloaded())

    def close(self) -> None:
        """End it: its container ends when nobody holds its input any more."""
        self._channel.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, Any] | None = None,
        json_body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = 10,
    ) -> "httpx.Response":
        """Send one request on a connection of its own; its body is `json_body` as JSON, or
        `content` as it is. Raises NoAnswer when no response comes."""
        import httpx

        request = httpx.Request(method, url, params=params)
        sent = dict(headers or {})
        if json_body is not None:
            sent["content-type"] = "application/json"
            content = json.dumps(json_body).encode()
        elif content is not None:
            sent.setdefault("content-type", "application/octet-stream")
        answer = self._channel.call(
            "http",
            method=method,
            url=str(request.url),
            headers=sent,
            content=None if content is None else base64.b64encode(content).decode(),
            seconds=seconds,
        )
        return _response(request, answer)

    def load(
        self,
        calls: list[tuple[str, str, Any, dict[str, str]]],
        at_once: int,
        each: float,
        seconds: float,
    ) -> list[dict[str, Any]]:
        """Send many requests (method, address, JSON body, headers), `at_once` at the same time;
        what became of each, in order. Raises NotReady when not all end within `seconds`."""
        answer = self._channel.call(
            "load", calls=calls, at_once=at_once, each=each, seconds=seconds
        )
        if "error" in answer:
            raise NotReady(
                f"{len(calls)} requests were not done within {seconds:.0f} s: {answer['error']}.",
                next="run the cell again when the machine is less busy.",
            )
        return list(answer["replies"])

    def wait_http(self, url: str, seconds: float) -> bool:
        """Whether any response came from `url` within that time."""
        return "status" in self._channel.call("wait_http", url=url, seconds=seconds)

    def begin(
        self,
        host: str,
        port: int,
        request: "Request",
        *,
        times: int = 1,
        hold: bool = True,
        taken: bool = False,
        unsent: bool = False,
        each: float = 10,
    ) -> "UnderWay":
        """Begin a request, `times` times side by side, and keep them under way until `finish()`.

        The first byte of the body is sent; with `taken`, only the head, and it returns when the
        app has asked for the body; with `unsent`, nothing, the connection is open. Without
        `hold`, the rest follows by itself when all are begun. Raises NoAnswer when the app does
        not take the connections.
        """
        content = base64.b64encode(json.dumps(request.json).encode()).decode()
        keys = [uuid.uuid4().hex for _ in range(times)]
        answer = self._channel.call(
            "begin",
            keys=keys,
            host=host,
            port=port,
            method=request.method,
            path=request.path,
            headers=request.headers,
            content=content,
            hold=hold,
            taken=taken,
            unsent=unsent,
            each=each,
        )
        if "error" in answer:
            raise NoAnswer(
                f"{request.method} {request.path} could not be begun: {answer['error']}."
            )
        return UnderWay(self._channel, keys)

    def fire(
        self,
        call: tuple[str, str, Any, dict[str, str]],
        per_second: float,
        each: float,
        seconds: float,
    ) -> "Firing":
        """Send a request so many times a second, until `cease()` or for `seconds`."""
        key = uuid.uuid4().hex
        self._channel.call(
            "fire", key=key, call=call, per_second=per_second, each=each, seconds=seconds
        )
        return Firing(self._channel, key, each)

    def sql(
        self,
        dsn: str,
        *statements: tuple[str, tuple[Any, ...]],
        wait: bool = False,
        seconds: float = 10,
    ) -> list[list[Any]]:
        """Run statements on one connection; the rows of the last. With `wait`, as soon as the
        server accepts connections. Raises FactorLabError with the server's own words."""
        op = "wait_sql" if wait else "sql"
        answer = self._channel.call(op, dsn=dsn, statements=statements, seconds=seconds)
        if "error" in answer:
            raise _statement_failed(answer)
        return list(answer["rows"])

    @contextmanager
    def transaction(self, dsn: str, *statements: str, seconds: float = 10) -> Iterator[None]:
        """Keep a transaction open in which these statements were run: what they lock stays locked
        until the end of the block. Raises FactorLabError with the server's own words."""
        key = uuid.uuid4().hex
        pairs = [(statement, ()) for statement in statements]
        answer = self._channel.call(
            "open_transaction", key=key, dsn=dsn, statements=pairs, seconds=seconds
        )
        if "error" in answer:
            raise _statement_failed(answer)
        try:
            yield
        finally:
            self._channel.call("end_transaction", key=key)

    def redis(self, url: str, *command: str, seconds: float = 10) -> Any:
        """Run one Redis command, as soon as the server accepts connections."""
        answer = self._channel.call("redis", url=url, command=command, seconds=seconds)
        if "error" in answer:
            raise FactorLabError(f"Redis did not carry out the command: {answer['error']}")
        return answer["value"]

    def write_secret(self, name: str, text: str) -> str:
        """Put a file on the mounted volume in one step; returns its path as an app sees it."""
        answer = self._channel.call("write", path=f"{SECRETS}/{name}", text=text)
        if "error" in answer:
            raise FactorLabError(f"The file {name} could not be mounted: {answer['error']}")
        return f"/run/secrets/{name}"


class UnderWay:
    """Requests that have begun and not ended."""

    def __init__(self, channel: Channel, keys: list[str]) -> None:
        self._channel, self._keys = channel, keys

    def finish(self, seconds: float = 10) -> int | None:
        """Send the rest; the status of the response, or None when the connection was cut."""
        return self.finish_all(seconds)[0].get("status")

    def finish_all(self, seconds: float = 10) -> list[dict[str, Any]]:
        """Send the rest of each; its status, or the error that came instead, and its seconds."""
        answer = self._channel.call("finish", keys=self._keys, seconds=seconds)
        return list(answer["ends"])


class Firing:
    """A request that is being sent again and again."""

    def __init__(self, channel: Channel, key: str, each: float) -> None:
        self._channel, self._key, self._each = channel, key, each

    def cease(self) -> list[dict[str, Any]]:
        """Send no more, wait for those under way; what became of each."""
        answer = self._channel.call("cease", key=self._key, seconds=self._each)
        return list(answer["replies"])


def _statement_failed(answer: dict[str, Any]) -> FactorLabError:
    return FactorLabError(
        f"The database did not carry out the statement: {answer['error']}",
        next="read the database's own words above.",
    )


def _response(request: "httpx.Request", answer: dict[str, Any]) -> "httpx.Response":
    import httpx

    if "error" in answer:
        raise NoAnswer(
            f"{request.method} {request.url.path} got no response: {answer['error']}.",
            next="look at the app's state and logs: app.state, app.logs().",
        )
    skipped = ("content-encoding", "content-length", "transfer-encoding")
    return httpx.Response(
        answer["status"],
        headers=[
            (key.encode(HEADERS), value.encode(HEADERS))
            for key, value in answer["headers"]
            if key not in skipped
        ],
        content=base64.b64decode(answer["content"]),
        request=request,
        extensions={"seconds": answer["seconds"]},
    )
