"""Tries of users at something that is limited, what became of them, and stores that are slow."""

import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from factorlab.checks.base import Subject
from factorlab.checks.deploys import Config, random_word, shared
from factorlab.checks.users import call, one_by_one, succeeds
from factorlab.errors import NotReady
from factorlab.lab import Lab, Load
from factorlab.lab.asked import Asked

REFUSED = 429
HELD_SECONDS = 1.5
"""How long the stores put off what is written: less than the time-outs of their clients."""


@dataclass
class Counts:
    """What became of some tries."""

    allowed: int = 0
    refused: int = 0
    others: int = 0
    kinds: list[str] = field(default_factory=list)

    def add(self, load: Load) -> "Counts":
        """Count these replies too."""
        for reply in load.replies:
            if succeeds(reply):
                self.allowed += 1
            elif reply.status == REFUSED:
                self.refused += 1
            else:
                self.others += 1
                self.kinds.append(str(reply.status or reply.error))
        return self

    def __str__(self) -> str:
        more = f", {self.others} answered otherwise ({self.kinds[0]})" if self.others else ""
        return f"{self.allowed} allowed, {self.refused} answered {REFUSED}{more}"


def a_user() -> str:
    """The name of a user who has not tried yet."""
    return random_word("user")


def tried(place: Asked, subject: Subject, *users: str, at_once: int = 1) -> Load:
    """One try of each of these users, in this order."""
    request = subject.contract.request("limited")
    calls = [call(request, user, {}) for user in users]
    return one_by_one(place, calls) if at_once == 1 else place.load(calls, at_once=at_once)


def variable(subject: Subject) -> str:
    """The name of the variable that says how long a window is."""
    return next(variable.name for variable in subject.contract.of_kind("seconds"))


def long_config(lab: Lab, subject: Subject) -> Config:
    """The config of all replicas. Its windows are long, and one that the clock begins at its own
    multiples has just begun: whoever counts so is not to be told otherwise by chance."""
    config = shared(lab, subject)
    if "window" not in subject.memory:
        window = 0
        while not window or time.time() % window > window / 2:
            window = 800 + secrets.randbelow(200)
        config.env[variable(subject)] = subject.memory["window"] = str(window)
    return config


def redis_url(config: Config) -> str:
    """The URL of the Redis in a config."""
    return next(value for value in config.env.values() if value.startswith("redis:"))


def empty(lab: Lab, subject: Subject, config: Config) -> None:
    """Empty the stores as they came, so that no check counts what another has left."""
    lab.probe.redis(redis_url(config), "FLUSHALL")
    for table in re.findall(r"CREATE TABLE (\w+)", subject.contract.schema):
        if config.database:
            config.database.query(f"DELETE FROM {table}")


_HOLD = f"""
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    LOOP EXECUTE 'LOCK TABLE ' || name || ' IN SHARE MODE'; END LOOP;
    PERFORM pg_sleep({HELD_SECONDS});
END $$
"""
_HELD = (
    "SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND locktype = 'relation' AND granted"
)


def while_writes_wait(lab: Lab, config: Config, act: Callable[[], Load]) -> Load:
    """Do something while both stores answer what is read, and put off what is written."""
    database = config.database
    assert database is not None

    def hold() -> Load:
        database.query(_HOLD)
        return Load([])

    def begin() -> Load:
        deadline = time.monotonic() + 5
        while not database.query(_HELD)[0][0]:
            if time.monotonic() > deadline:
                raise NotReady("The database could not be made to wait.", next="check again.")
        lab.probe.redis(
            redis_url(config), "CLIENT", "PAUSE", str(int(HELD_SECONDS * 1000)), "WRITE"
        )
        return act()

    _, load = lab.together(hold, begin)
    return load
