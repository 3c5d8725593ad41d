"""What an audit asks: per factor, which check, and what the contract must name for it.

A question whose needs are not met is `not tested`, with the line to add: never passed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from factorlab.errors import FactorLabError
from factorlab.questions.question import Check, Subject, find

FACTORS = {
    "I": "Codebase",
    "II": "Dependencies",
    "III": "Config",
    "IV": "Backing services",
    "V": "Build, release, run",
    "VI": "Processes",
    "VII": "Port binding",
    "IX": "Disposability",
    "XI": "Logs",
    "XII": "Admin processes",
    "H": "Health checks",
    "O": "Observability",
    "S": "Least privilege",
}
"""The factors that an audit asks about, in the order of its report."""
BEYOND = {
    "VIII": "Concurrency: how many processes of which type suit a load is a decision, not a behavior.",
    "X": "Dev/prod parity: an image says nothing about the machines it was developed on.",
}
"""The factors that it does not ask about, and why."""


@dataclass(frozen=True)
class Need:
    """Something that a question needs: what it is, how it is supplied, whether it is there."""

    what: str
    how: str
    met: Callable[[Subject], bool]


def _request(name: str, example: str) -> Need:
    return Need(
        f"a request `{name}`",
        f"add to [requests] in the contract: {name} = {example}",
        lambda subject: name in subject.contract.named,
    )


def _service(name: str, variable: str) -> Need:
    return Need(
        f"a variable for {name}",
        f'add to [variables] in the contract: {variable} = "{name}"',
        lambda subject: name in subject.contract.services(),
    )


WRITE = _request("write", '{ method = "POST", path = "/orders", json = { item = "tea" } }')
LIST = _request("list", '{ path = "/orders" }, which lists what was written')
LOGIN = _request("login", '{ method = "POST", path = "/login", json = { user = "$USER" } }')
ME = _request("me", '{ path = "/me" }, which answers with the user\'s name')
LIVE = _request("live", '{ path = "/healthz" }')
READY = _request("ready", '{ path = "/readyz" }')
VISIT = _request(
    "visit", '{ method = "POST", path = "/visits" }, which adds 1 to `visits` in Redis'
)
RECEIPT = _request(
    "receipt",
    '{ method = "POST", path = "/receipts", json = { to = "$USER" } }, which sends a mail',
)
THROUGH = _request("through", '{ path = "/total" }, which makes it ask the other app')
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
POSTGRES = _service("postgres", "DATABASE_URL")
REDIS = _service("redis", "REDIS_URL")
SMTP = _service("smtp", "SMTP_URL")
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


@dataclass(frozen=True)
class Question:
    """One question of the audit: the id of its check, what it needs, and the group that it is asked
    in. The checks of a group share what they have started, so they go one after the other."""

    id: str
    group: str
    needs: tuple[Need, ...] = ()

    @property
    def check(self) -> Check:
        """The check that asks it. Its `factor` is the question's."""
        return find(self.id)

    def lacks(self, subject: Subject) -> list[Need]:
        """What it needs and the contract does not name."""
        return [need for need in self.needs if not need.met(subject)]


_ASKED = (
    Question("image-names-its-revision", "image"),
    Question("two-builds-alike", "image", (FOLDER,)),
    Question("missing-config-is-named", "config", (VARIABLES,)),
    Question("no-secret-in-image", "image", (SECRETS,)),
    Question("secrets-stay-out-of-log", "replicas", (SERVICE,)),
    Question("database-swapped-by-url", "backing", (POSTGRES, WRITE)),
    Question("cache-swapped-by-url", "backing", (REDIS, VISIT)),
    Question("mail-swapped-by-url", "backing", (SMTP, RECEIPT)),
    Question("serves-again-after-an-outage", "outage", (SERVICE, WRITE)),
    Question("runs-read-only", "frozen", (WRITE, TEXTED)),
    Question("leaves-its-files-alone", "frozen", (WRITE, TEXTED)),
    Question("sessions-outlive-a-replica", "replicas", (LOGIN, ME)),
    Question("nothing-kept-in-container", "frozen", (LIST, WRITE, TEXTED)),
    Question("reachable-from-outside", "ports"),
    Question("honors-port", "ports", (PORT,)),
    Question("requests-survive-a-stop", "stop", (WRITE,)),
    Question("stops-by-itself", "stop", (WRITE,)),
    Question("workers-stop-by-themselves", "stop", (WORKERS,)),
    Question("ready-from-the-start", "boot", (READY,)),
    Question("waits-for-its-database", "boot", (POSTGRES, READY, WRITE)),
    Question("ready-when-the-database-is", "boot", (POSTGRES, READY, WRITE)),
    Question("requests-reach-stdout", "streams"),
    Question("starts-side-by-side", "boot", (POSTGRES,)),
    Question("live-bears-an-outage", "outage", (SERVICE, LIVE, WRITE)),
    Question("trace-goes-on", "trace", (OTHER_APP, THROUGH)),
    Question("runs-without-root", "replicas"),
)
QUESTIONS = {question.id: question for question in _ASKED}


def chosen(words: list[str]) -> set[str]:
    """The ids of the questions that words name: each is an id, or a factor (`IX`) for all of its
    questions. Raises FactorLabError for a word that is neither."""
    found: set[str] = set()
    for word in words:
        of_factor = {id for id, one in QUESTIONS.items() if one.check.factor == word.upper()}
        if word not in QUESTIONS and not of_factor:
            known = "\n".join(f"{one.check.factor:<4} {id}" for id, one in QUESTIONS.items())
            raise FactorLabError(
                f"The audit has no question or factor '{word}'.",
                why=known,
                next="choose from the list above.",
            )
        found |= {word} if word in QUESTIONS else of_factor
    return found
