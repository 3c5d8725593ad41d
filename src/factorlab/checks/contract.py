"""What an app promises, so that it can be asked: its port, its config, two requests.

The contract is written down in `factorlab.toml` beside the app. It says what the app needs and
how to talk to it, never how it is built.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from factorlab.errors import FactorLabError

KINDS = (
    "postgres", "redis", "smtp", "text", "port", "seconds", "count", "postgres-file", "proxy", "app"
)  # fmt: skip
USER = "$USER"
"""In the body of a login request, what stands for the user's name."""
FILE = "$FILE"
"""In the path of an upload or a download, what stands for the file's name."""
NAME = "$NAME"
"""In the path of an order and of a look at it, what stands for a name that a check makes up."""
TEXT = "$TEXT"
"""In the body of `prices` and `export`, what stands for a text that a check makes up."""


@dataclass(frozen=True)
class Variable:
    """One environment variable that the app requires. `kind` says what fills it: the URL of a
    `postgres`, `redis` or mail server (`smtp`), any `text`, a `port`, a number of `seconds`, a small
    `count` of something, the path of a mounted file that holds the URL (`postgres-file`), the
    address of the router in front (`proxy`), or the URL of another `app` that it asks."""

    name: str
    kind: str


@dataclass(frozen=True)
class Request:
    """One request: method, path, and for a write the JSON body."""

    method: str
    path: str
    json: Any = None


@dataclass(frozen=True)
class Contract:
    """Port, required variables, the path that tells readiness, a read and a write request.

    `write` must leave at least one new row in the database each time it is sent.
    """

    variables: tuple[Variable, ...]
    read: Request
    write: Request
    port: int = 8000
    ready: str = "/"
    schema: str = field(default="", repr=False)
    """SQL that creates the tables the app expects."""
    processes: Mapping[str, str] = field(default_factory=dict)
    """Process types beside the web process that the image's CMD starts: type -> command."""
    others: Mapping[str, Request] = field(default_factory=dict)
    """Further requests by name. `login` logs the user in whose name stands for `$USER`, and sets
    the cookie `session`; `me` answers with the user's name, or 401; `logout` ends the session.
    `upload` keeps the body under the name that stands for `$FILE` in its path, `download` gives
    it back. `prices` reads the YAML that stands for `$TEXT`; `export` answers with that text as
    gzip packs it. `ready` answers with 2xx once the app can serve. `visit` adds 1 to the number
    under the key `visits` in Redis and answers with it; `receipt` sends a mail to the address that
    stands for `$USER`."""
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Commands by name that are run in a container of their own, such as `migrate`."""
    previous: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The files of the release before this one, which serves beside it for a while."""

    def of_kind(self, *kinds: str) -> list[Variable]:
        """The variables of these kinds, in order."""
        return [variable for variable in self.variables if variable.kind in kinds]

    def request(self, name: str) -> Request:
        """One of the further requests. Raises FactorLabError when the contract does not have it."""
        if name not in self.others:
            raise FactorLabError(
                f"The contract names no request '{name}'.",
                next=f'add it to [requests] in factorlab.toml: {name} = {{ path = "/…" }}.',
            )
        return self.others[name]

    def command(self, name: str) -> tuple[str, ...]:
        """One of the commands. Raises FactorLabError when the contract does not have it."""
        if name not in self.commands:
            raise FactorLabError(
                f"The contract names no command '{name}'.",
                next=f'add it to [commands] in factorlab.toml: {name} = ["python", "…"].',
            )
        return self.commands[name]


def read_contract(path: Path) -> Contract:
    """Read `factorlab.toml`; `schema.sql` beside it, if any, is part of the contract.

    Raises FactorLabError naming what is missing or unknown in the file.
    """
    schema = path.with_name("schema.sql")
    try:
        text = path.read_text()
        return contract_of(text, path.name, schema.read_text() if schema.is_file() else "")
    except OSError as error:
        raise _unusable(path.name, error) from error


def contract_of(text: str, name: str = "factorlab.toml", schema: str = "") -> Contract:
    """The contract that a text in the form of `factorlab.toml` is. Raises FactorLabError naming
    what is missing or unknown in it."""
    try:
        return replace(_parse(tomllib.loads(text)), schema=schema)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unusable(name, error) from error


def _unusable(name: str, error: Exception) -> FactorLabError:
    return FactorLabError(
        f"The contract {name} cannot be used: {error}",
        next="it needs [variables] and [requests] with `read` and `write`.",
    )


def _parse(data: Mapping[str, Any]) -> Contract:
    for name, kind in data["variables"].items():
        if kind not in KINDS:
            raise ValueError(f"{name} is of the unknown kind '{kind}'")
    app = data.get("app", {})
    return Contract(
        variables=tuple(Variable(name, kind) for name, kind in data["variables"].items()),
        read=_request(data["requests"]["read"]),
        write=_request(data["requests"]["write"]),
        port=app.get("port", 8000),
        ready=app.get("ready", "/"),
        processes={type: str(command) for type, command in data.get("processes", {}).items()},
        others={
            name: _request(entry)
            for name, entry in data["requests"].items()
            if name not in ("read", "write")
        },
        commands={name: tuple(words) for name, words in data.get("commands", {}).items()},
    )


def _request(entry: Mapping[str, Any]) -> Request:
    return Request(entry.get("method", "GET"), entry["path"], entry.get("json"))
