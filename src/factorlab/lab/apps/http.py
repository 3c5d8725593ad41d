"""What an app and a router have in common: they are asked over HTTP, once or many times."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

from factorlab.display import Event, Span, Timeline
from factorlab.lab.apps.request import Request
from factorlab.lab.network import Network
from factorlab.lab.probe import Firing, UnderWay
from factorlab.lab.routing.browser_port import loopback_port

if TYPE_CHECKING:
    import httpx

AT_ONCE = 10
ANSWER_SECONDS = 10
"""How long one response may take."""
LOAD_SECONDS = 120


def is_success(status: int | None) -> bool:
    """Whether a status is one of 2xx; None stands for no response."""
    return status is not None and 200 <= status < 300


@dataclass(frozen=True)
class Reply:
    """What became of one request: the status, or None and the reason why no response came; the
    response's text (up to 2000 characters) and headers; seconds it took."""

    request: Request
    status: int | None
    error: str
    text: str
    headers: dict[str, str]
    seconds: float
    at: float = 0.0
    """In a fire: seconds from its beginning until this request was sent."""

    @property
    def ok(self) -> bool:
        """Whether it was answered 2xx."""
        return is_success(self.status)

    @property
    def lost(self) -> bool:
        """Whether its sender did not get what was asked for: no response, or one of 5xx."""
        return self.status is None or self.status >= 500

    @property
    def replica(self) -> str:
        """The name of the replica that answered through a router; otherwise empty."""
        return self.headers.get("x-replica", "")


class Started(Protocol):
    """An app as a timeline sees it: its name, and when it was starting and stopping."""

    name: str
    history: list[Span]


@dataclass(frozen=True)
class Load:
    """The replies to a load, in the order of its requests."""

    replies: Sequence[Reply]
    began: float = 0.0
    """Of a fire: when it began, in seconds of `time.monotonic`."""

    def statuses(self) -> dict[str, int]:
        """How often each status came, and each reason for none: `{"200": 88, "timed out": 2}`."""
        counted = Counter(str(reply.status or reply.error) for reply in self.replies)
        return dict(sorted(counted.items()))

    def replicas(self) -> dict[str, int]:
        """How many replies each replica gave."""
        return dict(sorted(Counter(r.replica for r in self.replies if r.replica).items()))

    def count(self, status: int = 200) -> int:
        """How many replies have this status."""
        return sum(reply.status == status for reply in self.replies)

    @property
    def succeeded(self) -> int:
        """How many were answered 2xx."""
        return sum(reply.ok for reply in self.replies)

    @property
    def lost(self) -> int:
        """How many got no response, or one of 5xx."""
        return sum(reply.lost for reply in self.replies)

    def timeline(self, title: str, *apps: Started) -> Timeline:
        """A fire over time: when each app was stopping and starting, and when requests were sent
        that were lost."""
        lanes: dict[str, list[Span | Event]] = {
            app.name: [
                Span(span.begin - self.began, span.end - self.began, span.what)
                for span in app.history
                if span.begin >= self.began
            ]
            for app in apps
        }
        lanes["requests"] = self._spans()
        return Timeline(title, lanes, note=f"{self.lost} of {len(self)} requests were lost.")

    def _spans(self) -> list[Span | Event]:
        """When requests were lost, and when none were. A router in turn loses every third, say:
        losses less than a second apart are one span."""
        lost: list[list[float]] = []
        for at in (reply.at for reply in self.replies if reply.lost):
            if lost and at - lost[-1][1] < 1:
                lost[-1][1] = at
            else:
                lost.append([at, at])
        edges = [0.0, *(at for span in lost for at in span), self.replies[-1].at]
        return [
            Span(begin, end, "some lost" if number % 2 else "all answered")
            for number, (begin, end) in enumerate(pairwise(edges))
        ]

    def __len__(self) -> int:
        return len(self.replies)


class BegunLoad:
    """Requests that an app has in hand; made by `begin_load`."""

    def __init__(self, request: Request, begun: UnderWay, seconds: float) -> None:
        self._request, self._begun, self._seconds = request, begun, seconds

    def finish(self) -> Load:
        """Wait until all have ended; their replies, with neither text nor headers."""
        return Load([_reply(self._request, one) for one in self._begun.finish_all(self._seconds)])


class Fire:
    """A request that is sent again and again; made by `fire`."""

    def __init__(self, request: Request, firing: Firing, began: float) -> None:
        self._request, self._firing, self._began = request, firing, began

    def cease(self) -> Load:
        """Send no more, and wait for those under way; the replies in the order of sending."""
        return Load([_reply(self._request, one) for one in self._firing.cease()], self._began)


def _reply(request: Request, raw: dict[str, Any]) -> Reply:
    return Reply(
        request,
        raw.get("status"),
        raw.get("error", ""),
        raw.get("text", ""),
        raw.get("headers", {}),
        raw["seconds"],
        raw.get("at", 0.0),
    )


class Endpoint:
    """Something with an address inside the lab's network. Every request has a connection of its
    own and is sent from inside that network."""

    _network: Network
    host: str
    """The name under which it is found inside the lab's network."""
    port: int
    """The port that it is asked on there."""

    @property
    def url(self) -> str:
        """Its address inside the lab's network."""
        return f"http://{self.host}:{self.port}"

    def open(self) -> str:
        """Let a browser on this machine in: returns a loopback address that leads to it."""
        return f"http://127.0.0.1:{loopback_port(self._network, self.host, self.port)}/"

    def get(self, path: str = "/", **options: Any) -> "httpx.Response":
        """Send a GET request. Raises NoAnswer when no response comes."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> "httpx.Response":
        """Send a POST request, with `json` as its body. Raises NoAnswer when no response comes."""
        return self.request("POST", path, json_body=json, **options)

    def request(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request; options are `params`, `headers`, `seconds`, and for its body `json_body`
        or `content`, which is bytes as they are."""
        return self._network.probe.request(method, self.url + path, **options)

    def send(self, request: Request, *, seconds: float = ANSWER_SECONDS) -> "httpx.Response":
        """Send a request as it is, with its headers. Raises NoAnswer when no response comes within
        `seconds`."""
        return self.request(
            request.method,
            request.path,
            json_body=request.json,
            headers=request.headers,
            seconds=seconds,
        )

    def begin(self, method: str, path: str, json: Any = None, *, sent: bool = True) -> UnderWay:
        """Begin a request and leave it unfinished: it is under way until its `finish()`. With
        `sent=False`, only the connection is opened."""
        request = Request(method, path, json)
        return self._network.probe.begin(self.host, self.port, request, unsent=not sent)

    def begin_load(
        self, request: Request, times: int, *, hold: bool = False, seconds: float = 20
    ) -> BegunLoad:
        """Begin a request `times` times side by side, and return when the app has all of them in
        hand and has answered none. `finish()` waits for the answers, `seconds` at most. With
        `hold`, the end of each is held back until then, so that none can be answered before."""
        begun = self._network.probe.begin(
            self.host,
            self.port,
            request,
            times=times,
            hold=hold,
            taken=True,
            each=seconds,
        )
        return BegunLoad(request, begun, seconds)

    def fire(self, request: Request, *, per_second: float = 10, seconds: float = 10) -> Fire:
        """Send a request so many times a second from now on, whatever becomes of those before,
        until `cease()`; each has `seconds` to be answered."""
        raw = (request.method, self.url + request.path, request.json, request.headers)
        began = time.monotonic()
        return Fire(
            request, self._network.probe.fire(raw, per_second, seconds, LOAD_SECONDS), began
        )

    def load(
        self, requests: Iterable[Request], *, at_once: int = AT_ONCE, seconds: float = 10
    ) -> Load:
        """Send many requests, `at_once` at the same time, each with `seconds` to be answered.

        A request without a response is a reply like any other: nothing is raised for it, nothing
        is sent twice. All must have come within two minutes.
        """
        chosen = list(requests)
        raw = self._network.probe.load(
            [(c.method, self.url + c.path, c.json, c.headers) for c in chosen],
            at_once,
            seconds,
            LOAD_SECONDS,
        )
        return Load([_reply(request, one) for request, one in zip(chosen, raw, strict=True)])
