"""Deploying a subject as a check needs it: with fresh databases and fresh values."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from factorlab.checks.base import Subject
from factorlab.checks.contract import Request
from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Postgres


@dataclass(frozen=True)
class Config:
    """The environment of one deploy, and what stands behind it."""

    env: dict[str, str]
    database: Postgres | None
    port: int


def random_word(prefix: str) -> str:
    """A word that nobody can have written into their code."""
    return f"{prefix}-{secrets.token_hex(4)}"


def fill(lab: Lab, subject: Subject, label: str, database: Postgres | None = None) -> Config:
    """Fill every variable of the contract: with `database` or a fresh one, random text, a random
    port. The file of a `postgres-file` variable is mounted under a name of its own."""
    contract, env, port = subject.contract, {}, subject.contract.port
    if database is None and contract.of_kind("postgres", "postgres-file"):
        database = lab.database(random_word(label), schema=contract.schema)
    for variable in contract.variables:
        if variable.kind == "postgres" and database:
            env[variable.name] = database.url
        elif variable.kind == "postgres-file" and database:
            env[variable.name] = lab.mount(random_word(label), database.url)
        elif variable.kind == "redis":
            env[variable.name] = lab.redis(random_word(f"{label}-cache")).url
        elif variable.kind == "port":
            port = 9000 + secrets.randbelow(900)
            env[variable.name] = str(port)
        else:
            env[variable.name] = random_word(label)
    return Config(env, database, port)


def deploy(
    lab: Lab, subject: Subject, config: Config, *, wait: bool = True,
    extra: Mapping[str, str] | None = None, without: str | None = None,
) -> App:  # fmt: skip
    """Start the subject with a config, with `extra` variables, or `without` one of its own."""
    env = {key: value for key, value in config.env.items() if key != without} | dict(extra or {})
    return lab.deploy(
        subject.image, subject.name, env=env, wait=wait, port=config.port,
        ready=subject.contract.ready,
    )  # fmt: skip


def send(app: App, request: Request, times: int) -> int:
    """Send a request several times, one after the other; how many were answered with 2xx."""
    return sum(_succeeds(app, request) for _ in range(times))


def _succeeds(app: App, request: Request) -> bool:
    try:
        return app.request(request.method, request.path, json_body=request.json).is_success
    except NoAnswer:
        return False
