"""Who can reach an app: from inside its container, from a sibling, and from this machine."""

import http.client
import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import urlsplit

from factorlab.engine.container.container import State
from factorlab.errors import Endless, NotReady
from factorlab.lab.apps.http import Load
from factorlab.lab.apps.request import Request
from factorlab.waiting import until

SECONDS = 20
"""How long an app may take until it listens on its port."""
INSIDE_SECONDS = 30
"""How long a command in an app's container may take: the program is the image's own."""
CLOSED = "connection closed without a response"
ELSEWHERE = "the engine is on another machine"
"""Why no door opens from here: its port is on the loopback of the engine's machine."""
NO_PROGRAM = (126, 127)
"""How the engine ends a command whose program is not in the image."""
_LISTENS = "0A"
"""The state of a socket that waits for connections, in Linux's table of sockets."""
_NAMES = ipaddress.ip_address("127.0.0.11")
"""Where the engine answers questions for names, in every container of a lab."""
_SOCKET = re.compile(r"^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) ")
_INSIDE = """
import http.client, sys
try:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
    connection.request("GET", sys.argv[2])
    print(connection.getresponse().status)
except TimeoutError:
    print("timed out")
except ConnectionRefusedError:
    print("connection refused")
except (OSError, http.client.HTTPException):
    print(sys.argv[3])
"""


class Reachable(Protocol):
    """An app as somebody sees it who wants to get in."""

    port: int

    @property
    def state(self) -> State:
        """What the engine says about it now."""

    @property
    def exit_code(self) -> int | None:
        """The status it ended with, or None while it runs."""

    def exec(self, *command: str, seconds: float) -> tuple[int, str]:
        """Run a command inside it; returns exit code and output."""

    def load(self, requests: Iterable[Request]) -> Load:
        """Send requests from a sibling in its network."""

    def open(self) -> str:
        """A loopback address of this machine that leads to it."""


def inside(app: Reachable, *command: str) -> str:
    """What a command inside the app's container prints; nothing when the container has ended, or
    its image has no such program, or one that does not end."""
    try:
        status, output = app.exec(*command, seconds=INSIDE_SECONDS)
        return "" if status in NO_PROGRAM else output
    except Endless:
        return ""
    except NotReady:
        if app.state.status == "running":
            raise
        return ""


def listens(app: Reachable) -> list[str]:
    """The addresses that an app listens on, such as `0.0.0.0:8000`: what the kernel says."""
    return _addresses(_table(app))


def _table(app: Reachable) -> str:
    """The kernel's own lines on the sockets of an app; nothing in an image without `cat`."""
    return inside(app, "cat", "/proc/net/tcp", "/proc/net/tcp6")


def _addresses(table: str) -> list[str]:
    return sorted(
        f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
        for address, port in _sockets(table)
        if address != _NAMES
    )


def _sockets(
    table: str,
) -> Iterator[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]]:
    """Each word of an address stands in the byte order of the processor."""
    for line in table.splitlines():
        if (found := _SOCKET.match(line)) and found[3] == _LISTENS:
            raw = bytes.fromhex(found[1])
            words = (raw[place : place + 4][::-1] for place in range(0, len(raw), 4))
            yield ipaddress.ip_address(b"".join(words)), int(found[2], 16)


def wait_listens(app: Reachable) -> None:
    """Wait until an app listens somewhere, or has ended; at most 20 seconds. An image without
    `cat` is not waited for: nobody can look there."""
    until(lambda: app.exit_code is not None or _is_known(app), SECONDS, every=0.1)


def _is_known(app: Reachable) -> bool:
    """Whether it is known where it listens, or nobody can look."""
    table = _table(app)
    return bool(_addresses(table)) or (not table and app.state.status == "running")


def knock(app: Reachable, path: str) -> dict[str, str]:
    """What a GET request gets from three places: a status, or the reason for no answer."""
    wait_listens(app)
    [sibling] = app.load([Request("GET", path)]).statuses()
    return {
        "inside": inside(app, "python", "-c", _INSIDE, str(app.port), path, CLOSED).strip(),
        "from a sibling": sibling,
        "from this machine": _through_the_door(app.open(), path),
    }


def _through_the_door(url: str, path: str) -> str:
    """Without the proxy of this machine, if it has one: the address is its own loopback."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    try:
        connection.request("GET", path)
        return str(connection.getresponse().status)
    except ConnectionRefusedError:  # a door listens, whatever its app does
        return ELSEWHERE
    except TimeoutError:
        return "timed out"
    except (http.client.HTTPException, OSError):
        return CLOSED
    finally:
        connection.close()
