"""Finding the container engine: Docker Engine, Docker Desktop, or Podman's compatible socket.

`DOCKER_HOST` decides when it is set. Otherwise the current Docker context is tried, then the
places where engines usually listen. All of them speak the same API through the Docker SDK.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException
from requests.exceptions import RequestException

from factorlab.engine.build.cancel import remember_streams
from factorlab.errors import NotReady

PING_SECONDS = 3
CALL_SECONDS = 120
OLDEST_API = (1, 41)

_client: docker.DockerClient | None = None


def connect() -> docker.DockerClient:
    """The connection to the engine, opened once per process.

    Raises NotReady when no engine answers, naming every address that was tried.
    """
    global _client
    if _client is None:
        _client = _open()
    return _client


def disconnect() -> None:
    """Forget the connection, so the next call looks for an engine again."""
    global _client
    if _client is not None:
        _client.close()
    _client = None


def _open() -> docker.DockerClient:
    tried: list[str] = []
    for options in _candidates():
        where = options.get("base_url") or os.environ.get("DOCKER_HOST") or "the Docker context"
        try:
            client = (
                docker.from_env(timeout=PING_SECONDS)
                if not options.get("base_url")
                else (docker.DockerClient(timeout=PING_SECONDS, **options))
            )
            client.ping()
        except (DockerException, RequestException, OSError, ValueError) as error:
            tried.append(f"{where}: {_reason(error)}")
            continue
        _refuse_old(client)
        client.api.timeout = CALL_SECONDS
        remember_streams(client)
        return client
    raise NotReady(
        "No container engine answers.",
        why="Tried:\n" + "\n".join(f"- {line}" for line in tried),
        next=advice(),
    )


def _candidates() -> Iterator[dict[str, Any]]:
    yield {}
    if os.environ.get("DOCKER_HOST"):
        return
    if sys.platform == "win32":
        yield {"base_url": "npipe:////./pipe/podman-machine-default"}
        return
    home = Path.home()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    for socket in (
        Path("/var/run/docker.sock"),
        home / ".docker/run/docker.sock",
        home / ".docker/desktop/docker.sock",
        home / ".colima/default/docker.sock",
        home / ".orbstack/run/docker.sock",
        home / ".rd/docker.sock",
        runtime / "docker.sock",
        runtime / "podman/podman.sock",
        Path("/run/podman/podman.sock"),
    ):
        if socket.exists():
            yield {"base_url": f"unix://{socket}"}


def _refuse_old(client: docker.DockerClient) -> None:
    version = str(client.version().get("ApiVersion", "0.0"))
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_API:
        raise NotReady(
            f"The container engine is too old: its API is {version}, the course needs 1.41.",
            next="Upgrade to Docker Engine 20.10 or later, or Podman 4.3 or later.",
        )


def _reason(error: BaseException) -> str:
    text = str(error)
    for sign, meaning in (
        ("Permission denied", "permission denied (is your user in the group 'docker'?)"),
        ("No such file", "nothing listens there"),
        ("Connection refused", "connection refused"),
        ("timed out", f"no answer within {PING_SECONDS} s"),
        ("Name or service not known", "unknown host"),
    ):
        if sign in text:
            return meaning
    return text.splitlines()[0][:160] if text else type(error).__name__


def not_yet_in_group() -> bool:
    """Whether this user was put into the group `docker`, which owns the engine's socket, and
    this process is from before that."""
    try:
        import grp
        import pwd

        group = grp.getgrnam("docker")
        user = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return False
    return user in group.gr_mem and group.gr_gid not in os.getgroups()


def advice() -> str:
    """What to do on this system when no engine answers, in one to three lines."""
    if not_yet_in_group():
        return (
            "you are in the group 'docker' since a moment ago: log out and in again, or begin\n"
            "the command with `sg docker -c`, for instance: sg docker -c 'factorlab doctor'"
        )
    if os.environ.get("DOCKER_HOST"):
        return "start that engine, or unset DOCKER_HOST to use the one on this machine."
    if sys.platform == "darwin":
        return (
            "install Docker Desktop, Colima or Podman Desktop, start it,\n"
            "wait until it says that it is running, then run `make lab` again."
        )
    if sys.platform == "win32":
        return "install Docker Desktop (WSL 2 backend), start it, then run `make lab` again."
    return (
        "run `make lab`: on Debian and Ubuntu it installs and starts Docker Engine.\n"
        "Elsewhere install Docker Engine or Podman from your distribution and start it,\n"
        "for instance with `sudo systemctl start docker`, then run `make lab` again."
    )
