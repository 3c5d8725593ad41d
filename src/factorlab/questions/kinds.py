"""What may fill a variable of a contract: a backing service's URL or a part of it, or a plain value."""

from factorlab.lab.services import KINDS, Service

PLAIN = ("text", "port", "seconds", "count")
OTHERS = ("proxy", "app")
PARTS = ("host", "port", "user", "password", "name")
"""For apps that take a service's URL in pieces: a `postgres-host`, a `redis-port` …"""
FILE = "file"
"""For apps that read it from a mounted file: a `postgres-file`."""


def kinds() -> list[str]:
    """All that a variable can be filled with, the parts of a service's URL last."""
    mounted = (f"{name}-{FILE}" for name, service in KINDS.items() if service.mounted)
    parts = (f"{name}-{part}" for name in KINDS for part in PARTS)
    return [*KINDS, *PLAIN, *mounted, *OTHERS, *parts]


def service_of(kind: str) -> type[Service] | None:
    """The backing service whose URL, or a part of it, a variable of this kind holds."""
    name, _, part = kind.partition("-")
    return KINDS.get(name) if not part or part in (*PARTS, FILE) else None
