"""What a question may need of a contract, and how it is supplied."""

from collections.abc import Callable
from dataclasses import dataclass

from factorlab.lab.services import KINDS
from factorlab.questions.subject import Subject


@dataclass(frozen=True)
class Need:
    """Something that a question needs: what it is, how it is supplied, whether it is there."""

    what: str
    how: str
    met: Callable[[Subject], bool]


@dataclass(frozen=True)
class RequestNeed(Need):
    """A request that the contract must name: an `example` of it, and what it `does`."""

    name: str = ""
    example: str = ""
    does: str = ""

    @property
    def draft(self) -> str:
        """Its line in the draft of a contract, to be filled in."""
        return f"# {self.name} = {self.example}   # {self.does}"


def _request(name: str, example: str, does: str) -> RequestNeed:
    return RequestNeed(
        f"a request `{name}`",
        f"add to [requests] in the contract: {name} = {example}, which {does}",
        lambda subject: name in subject.contract.named,
        name,
        example,
        does,
    )


def _service(name: str) -> Need:
    return Need(
        f"a variable for {name}",
        f'add to [variables] in the contract: {KINDS[name].variable} = "{name}"',
        lambda subject: name in subject.contract.services(),
    )


READY = _request("ready", '{ path = "/readyz" }', "answers 2xx once it can serve")
LIVE = _request("live", '{ path = "/healthz" }', "answers 2xx while the process is alive")
WRITE = _request(
    "write", '{ method = "POST", path = "/orders", json = { item = "tea" } }', "leaves a row"
)
LIST = _request("list", '{ path = "/orders" }', "lists what was written")
LOGIN = _request(
    "login", '{ method = "POST", path = "/login", json = { user = "$USER" } }', "logs a user in"
)
ME = _request("me", '{ path = "/me" }', "answers with the user's name")
VISIT = _request("visit", '{ method = "POST", path = "/visits" }', "adds 1 to `visits` in Redis")
RECEIPT = _request(
    "receipt", '{ method = "POST", path = "/receipts", json = { to = "$USER" } }', "sends a mail"
)
THROUGH = _request("through", '{ path = "/total" }', "makes it ask the other app")
REQUESTS = (READY, LIVE, WRITE, LIST, LOGIN, ME, VISIT, RECEIPT, THROUGH)
"""In the order in which a draft of a contract has them."""
TEXTED = Need(
    "a text in the body of the write request",
    'give its JSON a text, for instance json = { item = "tea" }',
    lambda subject: bool(subject.contract.texts()),
)
VARIABLES = Need(
    "required variables",
    'add to [variables] in the contract: DATABASE_URL = "postgres"',
    lambda subject: any(one.required for one in subject.contract.variables),
)
PORT = Need(
    "the variable that names the port",
    'add to [variables] in the contract, or to [optional]: PORT = "port"',
    lambda subject: bool(subject.contract.of_kind("port")),
)
POSTGRES = _service("postgres")
REDIS = _service("redis")
SMTP = _service("smtp")
SERVICE = Need(
    "a variable for a backing service",
    'add to [variables] in the contract: DATABASE_URL = "postgres"',
    lambda subject: bool(subject.contract.services()),
)
OTHER_APP = Need(
    "a variable with the URL of another app",
    'add to [variables] in the contract: PRICES_URL = "app"',
    lambda subject: bool(subject.contract.of_kind("app")),
)
WORKERS = Need(
    "another process type",
    'add to [processes] in the contract: worker = "python worker.py"',
    lambda subject: bool(subject.contract.processes),
)
FOLDER = Need(
    "a folder with a Dockerfile",
    "audit the folder instead of the image",
    lambda subject: subject.image.folder is not None or bool(subject.image.files),
)
SECRETS = Need(
    "a secret to look for, or a required variable",
    "audit the folder instead of the image, or name the required variables",
    lambda subject: bool(subject.secrets) or VARIABLES.met(subject),
)
