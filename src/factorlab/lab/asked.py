"""What an app and a router have in common: they are asked over HTTP, once or many times."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from factorlab.lab.lab import Lab
    from factorlab.lab.probe import UnderWay

AT_ONCE = 10
LOAD_SECONDS = 120


@dataclass(frozen=True)
class Call:
    """One request of a load: method, path, JSON body and headers."""

    method: str
    path: str
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What became of one call: the status, or None and the reason why no response came; the
    response's text (up to 2000 characters) and headers; seconds it took."""

    call: Call
    status: int | None
    error: str
    text: str
    headers: dict[str, str]
    seconds: float

    @property
    def replica(self) -> str:
        """The name of the replica that answered through a router; otherwise empty."""
        return self.headers.get("x-replica", "")


@dataclass(frozen=True)
class Load:
    """The replies to a load, in the order of its calls."""

    replies: Sequence[Reply]

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

    def __len__(self) -> int:
        return len(self.replies)


class Asked:
    """Something with an address inside the lab's network. Every request has a connection of its
    own and is sent from inside that network."""

    _lab: "Lab"
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
        return f"http://127.0.0.1:{self._lab.doors.to(self.host, self.port)}/"

    def get(self, path: str = "/", **options: Any) -> "httpx.Response":
        """Send a GET request. Raises NoAnswer when no response comes."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> "httpx.Response":
        """Send a POST request, with `json` as its body. Raises NoAnswer when no response comes."""
        return self.request("POST", path, json_body=json, **options)

    def request(self, method: str, path: str, **options: Any) -> "httpx.Response":
        """Send a request; options are `params`, `headers`, `seconds`, and for its body `json_body`
        or `content`, which is bytes as they are."""
        return self._lab.probe.request(method, self.url + path, **options)

    def begin(self, method: str, path: str, json: Any = None) -> "UnderWay":
        """Begin a request and leave it unfinished: it is under way until its `finish()`."""
        return self._lab.probe.begin(self.host, self.port, method, path, json)

    def load(self, calls: Iterable[Call], *, at_once: int = AT_ONCE, seconds: float = 10) -> Load:
        """Send many requests, `at_once` at the same time, each with `seconds` to be answered.

        A request without a response is a reply like any other: nothing is raised for it, nothing
        is sent twice. All must have come within two minutes.
        """
        chosen = list(calls)
        raw = self._lab.probe.load(
            [(c.method, self.url + c.path, c.json, c.headers) for c in chosen], at_once, seconds,
            LOAD_SECONDS,
        )  # fmt: skip
        return Load([
            Reply(call, one["status"], one["error"], one["text"], one["headers"], one["seconds"])
            for call, one in zip(chosen, raw, strict=True)
        ])  # fmt: skip
