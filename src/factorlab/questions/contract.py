"""What an app promises, so that it can be asked: its port, its config, two requests.

The contract is written down in `factorlab.toml` beside the app. It says what the app needs and
how to talk to it, never how it is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factorlab.engine.container.plan import APP_MEMORY_MIB
from factorlab.errors import FactorLabError
from factorlab.lab.apps.request import Request
from factorlab.questions.kinds import PARTS, service_of

if TYPE_CHECKING:
    from factorlab.questions.contract_file import ContractFile

NEXT = (
    "mend what is named; docs/AUDIT.md describes all that a contract may have. One of a lesson or an "
    "exercise needs [variables] and [requests] with `read` and `write`."
)
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
    address of the router in front (`proxy`), or the URL of another `app` that it asks. A part of a
    service's URL is filled by kinds such as `postgres-host`. One that is not `required` is set in
    every deploy, and the app may start without it."""

    name: str
    kind: str
    required: bool = True

    @property
    def service(self) -> str:
        """The backing service whose URL, or a part of it, stands in the variable; or nothing."""
        service = service_of(self.kind)
        return service.kind if service else ""

    @property
    def part(self) -> str:
        """Which part of that URL, where it is not the whole: `host`, `port` …"""
        part = self.kind.partition("-")[2]
        return part if self.service and part in PARTS else ""


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
    processes: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Process types beside the web process: type -> command."""
    web: str | tuple[str, ...] = ""
    """The command of the web process, where it is not the image's CMD that starts it."""
    others: Mapping[str, Request] = field(default_factory=dict)
    """Further requests by name. `login` logs the user in whose name stands for `$USER`, and sets
    the cookie `session`; `me` answers with the user's name, or 401; `logout` ends the session.
    `upload` keeps the body under the name that stands for `$FILE` in its path, `download` gives
    it back. `prices` reads the YAML that stands for `$TEXT`; `export` answers with that text as
    gzip packs it. `ready` answers with 2xx once the app can serve. `visit` adds 1 to the number
    under the key `visits` in Redis and answers with it; `receipt` sends a mail to the address that
    stands for `$USER`. `list` answers with all that was written; unless it is named, `read` does.
    `live` says that the process answers, `event` is a request that the app logs with the text that
    stands for `$TEXT`, `through` makes the app ask another one."""
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Commands by name that are run in a container of their own, such as `migrate`."""
    previous: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The files of the release before this one, which serves beside it for a while."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Variables with values that no check changes, such as the name of a settings module."""
    cookie: str = "session"
    """The name of the cookie that a login sets."""
    at_once: int = 20
    """How many requests one container works on at the same time."""
    memory: int = APP_MEMORY_MIB
    """How many MiB of memory one container needs."""
    named: frozenset[str] = frozenset()
    """The requests that the file itself names; the others are defaults."""

    def of_kind(self, *kinds: str) -> list[Variable]:
        """The variables of these kinds, in order."""
        return [variable for variable in self.variables if variable.kind in kinds]

    def services(self) -> list[str]:
        """The backing services that the variables speak of, each once."""
        return list(dict.fromkeys(v.service for v in self.variables if v.service))

    def texts(self) -> list[str]:
        """The names of the texts in the body of the write request."""
        body = self.write.json if isinstance(self.write.json, dict) else {}
        return [key for key, value in body.items() if isinstance(value, str)]

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


def read_contract(path: Path, *, whole: bool = True) -> Contract:
    """Read `factorlab.toml`; `schema.sql` beside it, if any, is part of the contract.

    Raises FactorLabError naming each mistake in the file, with its line.
    """
    from factorlab.toml import read_text, unusable

    schema = path.with_name("schema.sql")
    try:
        text = read_text(path)
    except (OSError, ValueError) as error:
        raise unusable(f"The contract {path.name}", error, NEXT) from error
    try:
        found = read_text(schema) if schema.is_file() else ""
    except (OSError, ValueError) as error:
        raise unusable(schema.name, error, "mend that file, or remove it.") from error
    return contract_of(text, path.name, found, whole=whole)


def contract_of(
    text: str, name: str = "factorlab.toml", schema: str = "", *, whole: bool = True
) -> Contract:
    """The contract that a text in the form of `factorlab.toml` is. Unless it must be `whole`, it
    may leave out variables and requests; `named` says which requests it has. Raises FactorLabError
    naming each mistake in it, with its line."""
    from factorlab.questions.contract_file import ContractFile  # a library that is slow to import
    from factorlab.toml import hold, parse, unusable

    try:
        data = parse(text)
        file = hold(data, ContractFile, text)
        if whole:
            _hold_whole(data)
    except ValueError as error:
        raise unusable(f"The contract {name}", error, NEXT) from error
    return replace(_contract(file, whole), schema=schema)


def _hold_whole(data: Mapping[str, Any]) -> None:
    for place in (("variables",), ("requests",), ("requests", "read"), ("requests", "write")):
        inner = data
        for part in place[:-1]:
            inner = inner[part]
        if place[-1] not in inner:
            where = f" in [{place[0]}]" if place[1:] else ""
            raise ValueError(f"'{place[-1]}' is missing{where}")


def _contract(file: "ContractFile", whole: bool) -> Contract:
    app = file.app
    own = {
        name: one
        for name in type(file.requests).model_fields
        if (one := getattr(file.requests, name))
    }
    requests = {name: Request(one.method, one.path, one.body) for name, one in own.items()}
    ready = Request("GET", app.ready)
    filled = (
        {"list": requests["read"], **requests}
        if whole
        else {"read": ready, "write": ready, "ready": ready, **requests}
    )
    processes = {
        type: words if isinstance(words, str) else tuple(words)
        for type, words in file.processes.items()
    }
    return Contract(
        variables=(
            *(Variable(name, kind) for name, kind in file.variables.items()),
            *(Variable(name, kind, False) for name, kind in file.optional.items()),
        ),
        read=filled.pop("read"),
        write=filled.pop("write"),
        port=app.port,
        ready=app.ready,
        web=processes.pop("web", ""),
        processes=processes,
        others=filled,
        commands={
            name: tuple(words) for name, words in file.commands.model_dump().items() if words
        },
        fixed=file.environment,
        cookie=app.cookie,
        at_once=app.at_once,
        memory=app.memory,
        named=frozenset(requests),
    )
