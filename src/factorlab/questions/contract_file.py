"""The form of `factorlab.toml`: each name, type and range that a contract may have.

The schema that editors use (`docs/contract.schema.json`) is made from it.
"""

import json
import math
import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from factorlab.engine.container.plan import APP_MEMORY_MIB
from factorlab.questions.kinds import kinds
from factorlab.toml import Table, Wrong, near


def _path(text: str) -> str:
    if not text.startswith("/"):
        raise Wrong(f'is {text!r}: a path begins with a slash, as in "/orders"')
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise Wrong("must have no line break or other control character")
    return text


def _variable(name: str) -> str:
    if not re.fullmatch(r"[^=\s\x00-\x1f\x7f]+", name):
        raise Wrong(f"is no name of a variable: {name!r} is empty, or has a '=' or a space")
    return name


def _kind(kind: str) -> str:
    if kind not in (known := kinds()):
        raise Wrong(f"is of the unknown kind '{kind}'; {near(kind, known)}")
    return kind


def _fixed(value: object) -> str:
    if isinstance(value, dict | list):
        raise Wrong("must be one value, not a table or a list")
    if "\0" in (text := str(value)):
        raise Wrong("must have no NUL character")
    return text


def _words(value: object) -> object:
    """A command as a list of words."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Wrong('must be a list of words, as in ["python", "x.py"]')
    return _shown(value)


def _line_or_words(value: object) -> object:
    return _shown(value) if isinstance(value, str) else _words(value)


def _shown(value: Any) -> object:
    first = value if isinstance(value, str) else (value or [""])[0]
    if not first.strip():
        raise Wrong("must not be empty: it is the command that is run")
    if any("\0" in word for word in value):
        raise Wrong("must have no NUL character")
    return value


def _name(name: str) -> str:
    if not re.fullmatch(r"[\w.-]+", name):
        raise Wrong(f"must have a name of letters, digits, '-' and '_', not {name!r}")
    return name


def _cookie(name: str) -> str:
    if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII):
        raise Wrong(f"is no name of a cookie: {name!r}")
    return name


def _json(value: Any) -> Any:
    if isinstance(value, date | datetime | time) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise Wrong(f"holds {value}, which JSON does not have: write it as a text")
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _json(one)
    return value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _table(value: object) -> object:
    if not isinstance(value, dict):
        raise Wrong('must be as in { path = "/orders" }')
    return value


Cookie = Annotated[str, AfterValidator(_cookie)]
Method = Annotated[
    Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"], BeforeValidator(_upper)
]
Path = Annotated[str, AfterValidator(_path), Field(json_schema_extra={"pattern": "^/"})]
Name = Annotated[str, AfterValidator(_variable)]
Kind = Annotated[str, AfterValidator(_kind), Field(json_schema_extra={"enum": kinds()})]
Variables = dict[Name, Kind]
Words = Annotated[list[str], BeforeValidator(_words)]
Command = Annotated[str | list[str], BeforeValidator(_line_or_words)]
SCALAR = {"type": ["string", "integer", "number", "boolean"]}
Value = Annotated[str, BeforeValidator(_fixed), Field(json_schema_extra=SCALAR)]
Type = Annotated[str, AfterValidator(_name)]


class App(Table):
    """How to talk to one container of it."""

    port: int = Field(
        default=8000, ge=1, le=65535, description="Where it listens when it is told nothing."
    )
    ready: Path = Field(default="/", description="A path that answers as soon as it can serve.")
    at_once: int = Field(
        default=20,
        ge=1,
        le=10_000,
        description="How many requests one container works on at a time.",
    )
    memory: int = Field(
        default=APP_MEMORY_MIB, ge=6, le=1_048_576, description="How many MiB one container needs."
    )
    cookie: Cookie = Field(default="session", description="The cookie that a login sets.")


class Request(Table):
    """One request: its path, its method, and the JSON of its body."""

    path: Path
    method: Method = "GET"
    body: Annotated[Any, AfterValidator(_json)] = Field(default=None, alias="json")


One = Annotated[Request | None, BeforeValidator(_table)]


class Requests(Table):
    """The requests that the questions send."""

    read: One = Field(default=None, description="Lists what was written, unless `list` does.")
    write: One = Field(default=None, description="Leaves at least one row in the database.")
    list: One = Field(default=None, description="Lists all that was written.")
    live: One = Field(default=None, description="2xx while the process is alive.")
    ready: One = Field(default=None, description="2xx once it can serve.")
    login: One = Field(default=None, description="Logs in the user who stands for $USER.")
    me: One = Field(default=None, description="The user's name, or 401.")
    logout: One = Field(default=None, description="Ends the session.")
    visit: One = Field(
        default=None, description="Adds 1 to `visits` in Redis, and answers with it."
    )
    receipt: One = Field(
        default=None, description="Sends a mail to the address that stands for $USER."
    )
    through: One = Field(default=None, description="Makes it ask the other app.")
    event: One = Field(
        default=None, description="Leaves a line in the log with the text for $TEXT."
    )
    upload: One = Field(
        default=None, description="Keeps the body under the name for $FILE in its path."
    )
    download: One = Field(default=None, description="Gives that file back.")
    prices: One = Field(default=None, description="Reads the YAML that stands for $TEXT.")
    export: One = Field(
        default=None, description="Answers with the text for $TEXT as gzip packs it."
    )
    order: One = Field(default=None, description="Places an order under the name for $NAME.")
    report: One = Field(default=None, description="Makes a report, or answers with it.")
    version: One = Field(default=None, description="Tells the revision.")
    search: One = Field(default=None, description="Finds customers.")
    caller: One = Field(default=None, description="Tells the link and the client that it sees.")
    drain: One = Field(default=None, description="Says that it will be stopped soon.")
    limited: One = Field(default=None, description="Allows so many requests and no more.")
    lines: One = Field(default=None, description="Takes lines of a log.")
    total: One = Field(default=None, description="A sum of another app's prices.")
    page: One = Field(default=None, description="A page.")
    price: One = Field(default=None, description="What so many pieces cost.")
    invoice: One = Field(default=None, description="What is billed for so many pieces.")
    broken: One = Field(default=None, description="Fails by itself.")
    unpriced: One = Field(default=None, description="Fails because the other app does.")


class Commands(Table):
    """What is run in a container of its own."""

    migrate: Words = Field(default_factory=list, description="Run once; makes the tables.")
    report: Words = Field(default_factory=list, description="Writes a report of a day.")
    expand: Words = Field(default_factory=list, description="The first step of a migration.")
    contract: Words = Field(default_factory=list, description="The last step of a migration.")
    detective: Words = Field(default_factory=list, description="Reads telemetry.")


class ContractFile(Table):
    """What an app promises, so that it can be asked. Every part may be left out for an audit."""

    app: App = Field(default_factory=App)
    variables: Variables = Field(
        default_factory=dict, description="Config that it cannot start without."
    )
    optional: Variables = Field(default_factory=dict, description="Config with a default.")
    environment: dict[Name, Value] = Field(
        default_factory=dict, description="The same in every deploy."
    )
    requests: Requests = Field(default_factory=Requests)
    processes: dict[Type, Command] = Field(
        default_factory=dict,
        description="What runs beside the web process; `web`, where the image's CMD is not it.",
    )
    commands: Commands = Field(default_factory=Commands)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        sections = {"variables": self.variables, "optional": self.optional}
        seen: dict[str, str] = {}
        for section, names in {**sections, "environment": self.environment}.items():
            for name in names:
                if name in seen:
                    raise Wrong(f"stands in [{seen[name]}] too: name it once", section, name)
                seen[name] = section
        return self


def schema() -> str:
    """The contract's JSON schema as it is published."""
    made = ContractFile.model_json_schema(by_alias=True)
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema(), end="")
