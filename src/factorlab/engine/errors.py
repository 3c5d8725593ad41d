"""From what the Docker SDK raises to what a learner can act on."""

import errno
import functools
import ssl
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

from docker.errors import APIError, BuildError, DockerException, ImageNotFound
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from factorlab.engine.connection import advice, disconnect
from factorlab.errors import FactorLabError, NotReady, NotStarted

P = ParamSpec("P")
T = TypeVar("T")

_SIGNS = (
    (
        "no space left on device",
        "The disk of the container engine is full.",
        "free some space: `factorlab clean` removes what the course created, "
        "`docker system df` shows the rest.",
    ),
    (
        "port is already allocated",
        "The port is taken by another program.",
        "leave the port out, so that a free one is chosen, or stop the other program.",
    ),
    (
        "address already in use",
        "The port is taken by another program.",
        "leave the port out, so that a free one is chosen, or stop the other program.",
    ),
    (
        "available, non-overlapping ipv4 address pool",
        "The engine has no networks left to give.",
        "run `factorlab clean`, then `docker network prune` if others were left behind.",
    ),
    (
        "cannot allocate memory",
        "The machine has no memory left.",
        "close other programs or notebooks, then run the cell again.",
    ),
    (
        "too many open files",
        "The engine has too many files open.",
        "run `factorlab clean`, then restart the engine.",
    ),
)

_REFUSALS = (
    (
        ("no command specified",),
        "its image names no command",
        "end the Dockerfile with a CMD that starts the app.",
    ),
    (
        ("executable file not found", "exec format error", 'exec: "'),
        "its command is no program of its image",
        "look at the name of the program and of its file.",
    ),
    (
        ("container init: mkdir", "container init caused: mkdir", "chdir to cwd"),
        "its working directory cannot be used",
        "look at the last WORKDIR of the Dockerfile.",
    ),
    (
        ("unable to find user", "unable to find group"),
        "its image names a user that it does not have",
        "look at the last USER of the Dockerfile: create the user before it, or name a number.",
    ),
)
"""What the engine says of a container that its image keeps from starting, and what to do."""

_LOST = (RequestException, HTTPError, ConnectionError, TimeoutError, ssl.SSLError)
_UNREACHABLE = (errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTDOWN, errno.EHOSTUNREACH)
"""The errors, and the numbers of errors, of a connection to the engine that is lost."""


def translated(call: Callable[P, T]) -> Callable[P, T]:
    """Let a function that talks to the engine raise NotReady for what is the machine's fault,
    NotStarted for a command, a user or a working directory that its image does not have, and
    FactorLabError for a file of ours that cannot be read or written."""

    @functools.wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except (DockerException, RequestException, OSError) as error:
            raise explain(error) from error

    return wrapper


def translated_stream(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks of a stream of the engine. Raises NotReady for what breaks it."""
    try:
        yield from stream
    except (DockerException, RequestException, HTTPError, OSError) as error:
        raise explain(error) from error


def machine_fault(text: str) -> NotReady | None:
    """The NotReady for an engine's message about a machine at its limits, such as a full disk; None
    for any other message."""
    for sign, what, remedy in _SIGNS:
        if sign in text.lower():
            return NotReady(what, why=text.strip(), next=remedy)
    return None


def explain(error: Exception) -> FactorLabError:
    """The error that says what `error` means: NotReady, NotStarted when a container's command, user
    or working directory is none that its image can have, or FactorLabError for a file of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        if error.errno == errno.ENOSPC:  # a disk of this machine, which need not be the engine's
            return NotReady(
                f"The disk is full: {error.filename} could not be written.",
                why=str(error.strerror),
                next="free some space there, then try again.",
            )
        return machine_fault(str(error.strerror)) or FactorLabError(
            f"{error.filename} could not be read or written.",
            why=str(error.strerror),
            next="look at the path, and at who may read and write there.",
        )
    text = str(getattr(error, "explanation", None) or error)
    # First what quotes the image, which may say that the disk is full.
    return _start_fault(text) or machine_fault(text) or _engine_fault(error, text.strip())


def _start_fault(text: str) -> NotStarted | None:
    for signs, trouble, remedy in _REFUSALS:
        if any(sign in text.lower() for sign in signs):
            return NotStarted(
                f"A container could not be started: {trouble}.",
                why=text.strip(),
                next=remedy,
                logs=text.strip(),
                refused=True,
            )
    return None


def _engine_fault(error: Exception, text: str) -> NotReady:
    if isinstance(error, ImageNotFound):
        return NotReady(
            "An image of the course is missing on the engine.",
            why=text,
            next="run `factorlab images build` (or `factorlab images load FILE` without a network).",
        )
    if isinstance(error, APIError):
        return NotReady(
            "The container engine refused a request.",
            why=text,
            next="run `factorlab doctor`; if it finds nothing, restart the engine and try again.",
        )
    if isinstance(error, _LOST) or getattr(error, "errno", None) in _UNREACHABLE:
        disconnect()
        return NotReady(
            "The container engine does not answer any more.", why=text[:300], next=advice()
        )
    return NotReady(
        "An image could not be built."
        if isinstance(error, BuildError)
        else "The container engine could not be used.",
        why=text[:300],
        next="try again; if it stays so, run `factorlab doctor`.",
    )
