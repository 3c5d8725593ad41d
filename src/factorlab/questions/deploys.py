"""Deploying a subject as a check needs it: with fresh databases and fresh values."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Postgres, Redis, Request
from factorlab.lab.apps.app import patience
from factorlab.lab.services import KINDS, Service
from factorlab.questions.contract import Variable
from factorlab.questions.subject import Subject

REPLICAS = 3


NOBODY = "192.0.2.1"
"""An address that is kept for examples: no proxy has it."""


@dataclass(frozen=True)
class Config:
    """The environment of one deploy, and what stands behind it."""

    env: dict[str, str]
    database: Postgres | None
    port: int
    services: tuple[Service, ...] = ()
    """What else was started for it."""


def random_word(prefix: str) -> str:
    """A word that nobody can have written into their code."""
    return f"{prefix}-{secrets.token_hex(4)}"


def fill(
    lab: Lab,
    subject: Subject,
    label: str,
    database: Postgres | None = None,
    urls: Mapping[str, str] = MappingProxyType({}),
) -> Config:
    """Fill every variable of the contract: with `database` or a fresh one, random text, a random
    port, many seconds. The file of a `postgres-file` variable is mounted under a name of its own.
    The proxy and other apps are not there: a check that is about them puts in its own. `urls` are
    those of services that are there already, by kind of variable."""
    contract, port, env = subject.contract, subject.contract.port, dict(subject.contract.fixed)
    if database is None and "postgres" in contract.services() and "postgres" not in urls:
        database = lab.database(random_word(label), schema=contract.schema)
    known = {"postgres": database.url, **urls} if database else dict(urls)
    filling = _Filling(lab, subject, label, known)
    for variable in contract.variables:
        if variable.kind == "port" and "port" not in known:
            port = 9000 + secrets.randbelow(900)
            env[variable.name] = str(port)
        else:
            env[variable.name] = filling.value(variable)
    return Config(env, database, port, tuple(filling.started))


class _Filling:
    """What fills the variables of one deploy; `known` are the URLs of what is there already."""

    def __init__(self, lab: Lab, subject: Subject, label: str, known: dict[str, str]) -> None:
        self._lab, self._label, self._known = lab, label, known
        self._schema = subject.contract.schema
        self.started: list[Service] = []

    def value(self, variable: Variable) -> str:
        """What fills a variable: the whole URL of a service of its own, or of one that is known; a
        part of a URL, or a mounted file with it, of the one that all parts are of; a plain value."""
        kind, service = variable.kind, variable.service
        if kind in self._known:
            return self._known[kind]
        if not service:
            return _plain(kind, self._label)
        if kind == service:
            return self._start(service)
        url = self._known[service] = self._known.get(service) or self._start(service)
        if variable.part:
            return _part(url, variable.part)
        return self._lab.mount(random_word(self._label), url)

    def _start(self, kind: str) -> str:
        name = "-".join(filter(None, (self._label, KINDS[kind].nickname)))
        service = self._lab.service(KINDS[kind], random_word(name), schema=self._schema)
        self.started.append(service)
        return service.url


def _part(url: str, part: str) -> str:
    """One part of a service's URL, decoded."""
    whole = urlsplit(url)
    parts = {
        "host": whole.hostname,
        "port": whole.port,
        "user": whole.username,
        "password": whole.password,
        "name": whole.path.removeprefix("/"),
    }
    return unquote(str(parts[part] or ""))


def _plain(kind: str, label: str) -> str:
    """What fills a variable that says nothing about a backing service or the app's own port."""
    if kind == "seconds":
        return str(800 + secrets.randbelow(200))
    if kind == "count":
        return str(2 + secrets.randbelow(2))
    if kind == "app":
        return f"http://{random_word(label)}:{9000 + secrets.randbelow(900)}"
    return NOBODY if kind == "proxy" else random_word(label)


def deploy(
    lab: Lab,
    subject: Subject,
    config: Config,
    extra: Mapping[str, str] | None = None,
    read_only: bool | None = None,
) -> App:
    """Start the subject with a config and `extra` variables, and wait until it answers. Its root
    is `read_only` as the lab's apps are, unless it is said otherwise. Raises NotStarted when it
    does not answer, with its last lines."""
    app = launch(lab, subject, config, extra, read_only)
    if not answers(lab, subject, app):
        raise app.not_started()
    subject.started.set()
    return app


def launch(
    lab: Lab,
    subject: Subject,
    config: Config,
    extra: Mapping[str, str] | None = None,
    read_only: bool | None = None,
    restart: bool = False,
) -> App:
    """Start the subject with a config and do not wait. With `restart`, the engine starts it again
    whenever it fails."""
    env = config.env | dict(extra or {})
    return lab.deploy(
        subject.image,
        subject.name,
        env=env,
        wait=False,
        port=config.port,
        ready=subject.contract.ready,
        read_only=read_only,
        restart=restart,
        command=subject.contract.web or None,
    )


def answers(lab: Lab, subject: Subject, app: App) -> bool:
    """Wait until an app has either answered or ended: True when it answers.

    It is found on the port that it was told, or else on the one that its contract names, so that
    a port that is not obeyed spoils no other question. `app.port` is the one that answered.
    """
    ports = sorted({app.port, subject.contract.port}, key=lambda port: port != app.port)
    began = time.monotonic()
    while app.may_still_answer(time.monotonic() - began):
        for port in ports:
            url = f"http://{app.name}:{port}{subject.contract.ready}"
            if lab.probe.wait_http(url, patience(began, 0.5)):
                app.port = port
                return True
        if app.exit_code is not None:
            return False
    return False


def shared(lab: Lab, subject: Subject) -> Config:
    """The one config of all replicas of a subject: filled once, kept for all its checks."""
    return subject.once(_shared, lab)


def _shared(lab: Lab, subject: Subject) -> Config:
    return fill(lab, subject, "shared")


def stores(lab: Lab, subject: Subject) -> list[Redis]:
    """The Redis servers of that one config."""
    config = shared(lab, subject)
    urls = [config.env[variable.name] for variable in subject.contract.of_kind("redis")]
    return [s for s in config.services if isinstance(s, Redis) and s.url in urls]


def replicas(lab: Lab, subject: Subject) -> list[App]:
    """Three replicas with that one config, running. Started once for all checks of a subject; one
    that a check has killed is started again, one that it has removed is replaced."""
    apps = subject.once(_replicas, lab)
    for number, app in enumerate(apps):
        status = app.state.status
        if status == "removed":
            apps[number] = deploy(lab, subject, shared(lab, subject))
        elif status != "running":
            app.start(wait=False)
            if not answers(lab, subject, app):
                raise app.not_started()
    return apps


def _replicas(lab: Lab, subject: Subject) -> list[App]:
    config = shared(lab, subject)
    return lab.together(*[lambda: deploy(lab, subject, config)] * REPLICAS)


def send(app: App, request: Request, times: int, *, seconds: float = 10) -> int:
    """Send a request several times, one after the other; how many were answered with 2xx, each
    within `seconds`."""
    return sum(_succeeds(app, request, seconds) for _ in range(times))


def body(app: App, request: Request) -> str:
    """The body of the response to a request; empty when none comes, since an app that ends after
    its first answer is a finding and not an accident."""
    try:
        return app.send(request).text
    except NoAnswer:
        return ""


def json_object(text: str) -> dict[str, Any] | None:
    """The JSON object that a text from an app is, or None: also for one that is nested too deep."""
    found = _json(text)
    return found if isinstance(found, dict) else None


def json_list(text: str) -> list[Any] | None:
    """The JSON list that a text from an app is, or None: also for one that is nested too deep."""
    found = _json(text)
    return found if isinstance(found, list) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _succeeds(app: App, request: Request, seconds: float) -> bool:
    try:
        return app.send(request, seconds=seconds).is_success
    except NoAnswer:
        return False
