"""VI. Stateless processes, counting: a limit that holds for all replicas together."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

from factorlab.checks.base import Finding, Outcome, Subject, check
from factorlab.checks.deploys import REPLICAS, Config, answers, deploy, replicas
from factorlab.checks.tries import (
    HELD_SECONDS,
    REFUSED,
    Counts,
    a_user,
    empty,
    long_config,
    redis_url,
    tried,
    variable,
    while_writes_wait,
)
from factorlab.checks.users import call, succeeds
from factorlab.lab import App, Lab, Load
from factorlab.lab.gate import Gate

LIMIT = 10
TRIES = 60
LATE_SECONDS = 6
"""How long after its end a window may still hold, so that rounding decides nothing."""
CRASHES = 4
"""At how many points of a request the app is killed at most, counted from its last one."""


def _judge(good: bool) -> Outcome:
    return Outcome.PASSED if good else Outcome.FAILED


def _replicas(lab: Lab, subject: Subject) -> list[App]:
    empty(lab, subject, long_config(lab, subject))
    return replicas(lab, subject)


def _restarted(lab: Lab, subject: Subject, app: App) -> None:
    app.start(wait=False)
    if not answers(lab, subject, app):
        raise app.not_started()


@check(
    "limit-counts-all-replicas",
    factor="VI",
    question=f"Does a user get {LIMIT} tries in all, whichever replica answers?",
    how=f"{REPLICAS} replicas stand behind a router that gives them requests in turn. One user "
    f"tries {TRIES} times, one try after the other. Then a replica gets SIGKILL and is started "
    "again, and the user tries once more on it.",
    remedy="count where all replicas count: in Redis or in PostgreSQL, and not in a variable.",
)
def limit_counts_all_replicas(lab: Lab, subject: Subject) -> Finding:
    """In turn and one by one: what a replica counts for itself comes out the same each time."""
    apps, user = _replicas(lab, subject), a_user()
    router = lab.router(*apps, name="limit-router")
    try:
        counts = Counts().add(tried(router, subject, *[user] * TRIES))
    finally:
        router.remove()
    apps[0].kill()
    _restarted(lab, subject, apps[0])
    after = Counts().add(tried(apps[0], subject, user))
    good = (counts.allowed, counts.refused, after.refused) == (LIMIT, TRIES - LIMIT, 1)
    return Finding(
        _judge(good),
        expected=f"{LIMIT} allowed, {TRIES - LIMIT} answered {REFUSED}; after the restart 0 "
        f"allowed, 1 answered {REFUSED}",
        seen=f"{counts}; after the restart {after}",
        columns=("when", "tries", "allowed", f"answered {REFUSED}"),
        rows=[
            (f"{REPLICAS} replicas in turn", TRIES, counts.allowed, counts.refused),
            ("after one was killed and started", 1, after.allowed, after.refused),
        ],
        log="" if good else apps[1].logs(tail=8),
    )


@check(
    "limit-holds-at-once",
    factor="VI",
    question="Does the limit hold when a user tries many times at the same moment?",
    how=f"A user has tried {LIMIT - 1} times. The other {TRIES - LIMIT + 1} tries come at once, "
    f"spread over {REPLICAS} replicas, at a moment at which Redis and PostgreSQL are slow: for "
    f"{HELD_SECONDS} seconds they answer what is read, and what is written waits.",
    remedy="do not read a count, decide, and write it back: another try does the same in between. "
    "Let the store count in one step and give the new count back: INCR, or UPDATE … RETURNING.",
)
def limit_holds_at_once(lab: Lab, subject: Subject) -> Finding:
    """The store's own pause is the barrier: all who read first have read before anybody writes."""
    apps, user = _replicas(lab, subject), a_user()
    router = lab.router(*apps, name="limit-router")
    try:
        counts = Counts().add(tried(router, subject, *[user] * (LIMIT - 1)))
        early, rest = counts.allowed, [user] * (TRIES - LIMIT + 1)
        load = while_writes_wait(
            lab, long_config(lab, subject),
            lambda: tried(router, subject, *rest, at_once=len(rest)),
        )  # fmt: skip
    finally:
        router.remove()
    late = Counts().add(load)
    return Finding(
        _judge((early, late.allowed, late.others) == (LIMIT - 1, 1, 0)),
        expected=f"{LIMIT - 1} of the first {LIMIT - 1} allowed; of those that come at once 1 "
        f"allowed, {TRIES - LIMIT} answered {REFUSED}",
        seen=f"{early} of the first {LIMIT - 1} allowed; of those that come at once {late}",
        log="" if late.allowed == 1 else apps[1].logs(tail=8),
    )


@check(
    "limit-is-per-user",
    factor="VI",
    question="Does each user have a limit of their own?",
    how=f"Two users take turns on one replica, {LIMIT + 5} tries each.",
    remedy="make the user's name a part of the key that is counted under, and count nothing else.",
)
def limit_is_per_user(lab: Lab, subject: Subject) -> Finding:
    """One replica, so that only the names decide."""
    app, users = _replicas(lab, subject)[0], (a_user(), a_user())
    load = tried(app, subject, *users * (LIMIT + 5))
    counts = [Counts().add(Load(load.replies[place::2])) for place in (0, 1)]
    good = all((c.allowed, c.refused) == (LIMIT, 5) for c in counts)
    return Finding(
        _judge(good),
        expected=f"each user: {LIMIT} allowed, 5 answered {REFUSED}",
        seen="; ".join(f"user {number}: {c}" for number, c in enumerate(counts, 1)),
        log="" if good else app.logs(tail=8),
    )


@check(
    "limit-ends",
    factor="VI",
    question="Is a user who was refused allowed again when the time is over?",
    how="Two deploys: one is told a few seconds, the other many minutes. A user of each tries "
    f"{3 * LIMIT} times. Then the first tries on, twice a second, until allowed or until "
    f"{LATE_SECONDS} seconds after the end; the other tries once more.",
    remedy="give a count its end when it begins, from the variable, and leave that end alone: "
    "EXPIRE at each try moves it on for whoever keeps trying.",
)
def limit_ends(lab: Lab, subject: Subject) -> Finding:
    """Three times the limit: a window of the clock may end in the middle of the tries."""
    config, few = long_config(lab, subject), 3 + secrets.randbelow(3)
    empty(lab, subject, config)
    briefly = replace(config, env=config.env | {variable(subject): str(few)})
    short, long = lab.together(*(lambda c=c: deploy(lab, subject, c) for c in (briefly, config)))
    user, other, tries = a_user(), a_user(), 3 * LIMIT
    lasting = Counts().add(tried(long, subject, *[other] * tries))
    began = time.monotonic()
    first = Counts().add(tried(short, subject, *[user] * tries))
    asked = time.monotonic()
    if first.allowed == tries and asked - began >= few - 1:
        return Finding(
            Outcome.INCONCLUSIVE,
            expected=f"{tries} tries within {few} s",
            seen="this machine was too slow to send them within the time",
        )
    again = False
    while not again and time.monotonic() < asked + few + LATE_SECONDS:
        time.sleep(0.5)
        again = succeeds(tried(short, subject, user).replies[0])
    last = Counts().add(tried(long, subject, other))
    good = first.refused > 0 and again and lasting.refused > 0 and last.refused == 1
    log = "" if good else short.logs(tail=8)
    for app in (short, long):
        app.remove()
    return Finding(
        _judge(good),
        expected=f"told {few} s: some refused at first, allowed again at the end; told "
        f"{config.env[variable(subject)]} s: refused then too",
        seen=f"told {few} s: {first.refused or 'none'} refused at first, "
        + ("allowed again at the end" if again
           else f"not allowed {LATE_SECONDS} s after the end")
        + f"; told {config.env[variable(subject)]} s: "
        + ("refused then too" if last.refused else f"{last} then"),
        log=log,
    )  # fmt: skip


@check(
    "limit-survives-a-crash",
    factor="VI",
    question="Is nobody locked out for good by a crash?",
    how="Users try once each, and the app gets SIGKILL at different points of the request: after "
    "one answer of Redis or PostgreSQL, after two, and so on, and when it has answered. It is "
    f"started again; each user tries {LIMIT + 2} times, waits until the time is over, and tries "
    "again.",
    remedy="let the count and its end come about in one step, which a crash cannot divide: a "
    "transaction (pipeline().execute() is one), a Lua script, SET with nx and ex before INCR, or "
    "one statement of SQL.",
)
def limit_survives_a_crash(lab: Lab, subject: Subject) -> Finding:
    """Judged by who is let in again, not by what a store holds: a count without an end that the
    next try mends is nobody's harm."""
    config, seconds = long_config(lab, subject), 3 + secrets.randbelow(2)
    empty(lab, subject, config)
    gate = Gate(lab)
    env = {
        name: gate.through(value) if value.startswith(("redis:", "postgresql:")) else value
        for name, value in config.env.items()
    }
    briefly = replace(config, env=env | {variable(subject): str(seconds)})
    app = deploy(lab, subject, briefly)
    points = _crash(lab, subject, app, gate)
    users = [user for _, user in points]
    tried(app, subject, *users * (LIMIT + 2))
    allowed = _again(app, subject, users, (seconds + 1, LATE_SECONDS))
    keys = _endless(lab, config)
    good, log = len(allowed) == len(users), app.logs(tail=8)
    app.remove()
    return Finding(
        _judge(good),
        expected=f"{len(users)} of {len(users)} users allowed again when the time is over",
        seen=f"{len(allowed)} of {len(users)} users allowed again when the time is over"
        + (f"; {keys} in Redis without an end" if keys and not good else ""),
        columns=("killed", "allowed again"),
        rows=[(point, "yes" if user in allowed else "no") for point, user in points],
        log="" if good else log,
    )


def _crash(lab: Lab, subject: Subject, app: App, gate: Gate) -> list[tuple[str, str]]:
    """Kill the app at each point of a request, in the name of a user each: (point, user)."""
    request, points = subject.contract.request("limited"), []

    def ask(user: str) -> tuple[str, str, object]:
        made = call(request, user, {})
        return made.method, made.path, made.json

    gate.turns(app, *ask(a_user()))  # connections are made
    turns = gate.turns(app, *ask(a_user()))
    for after in range(max(1, turns - CRASHES), max(1, turns) + 1):
        user = a_user()
        stopped = gate.stops(app, *ask(user), after=after)
        app.kill()
        gate.open()
        _restarted(lab, subject, app)
        gate.turns(app, *ask(a_user()))
        times = "1 answer" if after == 1 else f"{after} answers"
        points.append((f"after {times} of the store" if stopped else "after its own answer", user))
    return points


def _again(app: App, subject: Subject, users: Sequence[str], waits: Sequence[float]) -> set[str]:
    """Who is allowed after the first wait, or else after the second."""
    allowed: set[str] = set()
    for seconds in waits:
        left = [user for user in users if user not in allowed]
        if left:
            time.sleep(seconds)
            replies = tried(app, subject, *left).replies
            allowed |= {user for user, reply in zip(left, replies, strict=True) if succeeds(reply)}
    return allowed


def _endless(lab: Lab, config: Config) -> str:
    """How many keys in Redis have no end, in words; empty when there are none."""
    redis = redis_url(config)
    keys = lab.probe.redis(redis, "KEYS", "*")
    count = sum(lab.probe.redis(redis, "TTL", key) == -1 for key in keys)
    return f"{count} key" if count == 1 else f"{count} keys" if count else ""
