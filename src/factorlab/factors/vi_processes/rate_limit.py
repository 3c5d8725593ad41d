"""VI. Stateless processes, counting: a limit holds for the app, and not for each process."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import replace

from factorlab.lab import Lab, Load, Postgres, Redis, Request
from factorlab.questions.deploys import REPLICAS, deploy, random_word, replicas, shared, stores
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.questions.users import one_by_one, sent_by

LIMIT = 10
REQUESTS = 60
AT_ONCE = 30
FROZEN_SECONDS = 0.8
"""How long the stores stand still, so that requests which look before they count all look at once."""
USERS = 3
LATE_SECONDS = 3
"""How long after its end a window may still count, so that rounding decides nothing."""
CUTS = 10
"""More pieces than a request of any right answer sends to Redis on a new connection."""
REFUSED = 429


def _calls(subject: Subject, user: str, count: int) -> list[Request]:
    return [sent_by(user, subject.contract.request("limited"))] * count


def _allowed(load: Load) -> int:
    return load.succeeded


def _other(load: Load) -> int:
    """Replies that are neither a success nor 429."""
    return sum(not reply.ok and reply.status != REFUSED for reply in load.replies)


@question(
    "limit-holds-across-replicas",
    factor="VI",
    text=f"Is the limit {LIMIT}, however many replicas there are?",
    how=f"{REPLICAS} replicas stand behind a router that gives them requests in turn. One user "
    f"sends {REQUESTS} requests, one after the other. Another sends {AT_ONCE} at once, while Redis "
    "and the database stand still for a moment, so that all of them wait for the same answer. "
    "Requests that get 2xx are counted.",
    remedy="count where all replicas count, and let the store add and tell in one step (INCR, one "
    "UPDATE … RETURNING): who reads first and writes then, counts two requests as one.",
)
def limit_holds_across_replicas(lab: Lab, subject: Subject) -> Finding:
    """At once, fewer than ten may pass: an answer that gives up on a store that stands still is
    careful, not wrong."""
    apps = replicas(lab, subject)
    router = lab.router(*apps, name="limit-router")
    database = shared(lab, subject).database
    frozen: list[Postgres | Redis] = [*stores(lab, subject), *([database] if database else [])]
    try:
        turn = one_by_one(router, _calls(subject, random_word("user"), REQUESTS))
        calls = _calls(subject, random_word("user"), AT_ONCE)
        try:
            for store in frozen:
                store.pause()
            [crowd, _] = lab.together(
                lambda: router.load(calls, at_once=AT_ONCE, seconds=20),
                lambda: _wait_and_run_on(frozen),
            )
        finally:
            for store in frozen:
                if store.state == "paused":
                    store.unpause()
    finally:
        router.remove()
    assert isinstance(crowd, Load)
    one, all_ = _allowed(turn), _allowed(crowd)
    good = one == LIMIT and all_ <= LIMIT and not _other(turn)
    return Finding(
        judged(good),
        expected=f"{LIMIT} of {REQUESTS} allowed, {REQUESTS - LIMIT} refused with {REFUSED}; at once "
        f"no more than {LIMIT} of {AT_ONCE} allowed",
        seen=f"{one} of {REQUESTS} allowed, {turn.count(REFUSED)} refused with {REFUSED}; at once "
        f"{all_} of {AT_ONCE} allowed",
        columns=("sent", "requests", "allowed", f"refused with {REFUSED}", "anything else"),
        rows=[
            ("one after the other", REQUESTS, one, turn.count(REFUSED), _other(turn)),
            ("at once", AT_ONCE, all_, crowd.count(REFUSED), _other(crowd)),
        ],
        log="" if good else apps[0].logs(tail=8),
    )


def _wait_and_run_on(stores: Sequence[Postgres | Redis]) -> None:
    time.sleep(FROZEN_SECONDS)
    for store in stores:
        store.unpause()


@question(
    "users-have-their-own-limit",
    factor="VI",
    text="Has every user a limit of their own?",
    how=f"{USERS} users send {LIMIT + 5} requests each, in turn, to {REPLICAS} replicas in turn.",
    remedy="count under a key, or in a row, that holds the user's name.",
)
def users_have_their_own_limit(lab: Lab, subject: Subject) -> Finding:
    """In turn, so that one budget for all is used up by all."""
    router = lab.router(*replicas(lab, subject), name="limit-router")
    users = [random_word("user") for _ in range(USERS)]
    try:
        calls = [_calls(subject, user, 1)[0] for _ in range(LIMIT + 5) for user in users]
        replies = one_by_one(router, calls).replies
    finally:
        router.remove()
    counts = [sum(reply.ok for reply in replies[n::USERS]) for n in range(USERS)]
    return Finding(
        judged(counts == [LIMIT] * USERS),
        expected=f"{USERS} users with {LIMIT} allowed requests each",
        seen="allowed requests: " + ", ".join(map(str, counts)),
        columns=("user", "requests", "allowed"),
        rows=[(f"user {n}", LIMIT + 5, count) for n, count in enumerate(counts, 1)],
    )


@question(
    "limit-ends",
    factor="VI",
    text="Is a user welcome again when the window is over?",
    how="One deploy is told a window of a few seconds. Users send requests until they are refused. "
    "When the window is over, they ask again, each once.",
    remedy="let the count end with the window: `ex=` for a key in Redis, a time in the row in "
    "PostgreSQL. Do not begin the window anew with each request.",
)
def limit_ends(lab: Lab, subject: Subject) -> Finding:
    """Each user asks once at the end, so that an answer which counts refused requests is right."""
    name = next(v.name for v in subject.contract.of_kind("seconds"))
    few, config = 6 + secrets.randbelow(3), shared(lab, subject)
    app = deploy(lab, subject, replace(config, env=config.env | {name: str(few)}))
    users = [random_word("user") for _ in range(LATE_SECONDS)]
    began = time.monotonic()
    calls = [c for user in users for c in _calls(subject, user, LIMIT + 1)]
    replies = one_by_one(app, calls).replies
    full = time.monotonic()
    allowed = sum(reply.ok for reply in replies)
    if full - began >= few - 1:
        return Finding(
            Outcome.INCONCLUSIVE,
            expected=f"{len(calls)} requests within {few} s",
            seen="this machine was too slow to send them while the window lasted",
        )
    welcome = None
    for late, user in enumerate(users, 1):
        time.sleep(max(0, full + few + late - time.monotonic()))
        if one_by_one(app, _calls(subject, user, 1)).succeeded:
            welcome = late
            break
    app.remove()
    good = allowed == LIMIT * len(users) and welcome is not None
    return Finding(
        judged(good),
        expected=f"{LIMIT * len(users)} of {len(calls)} allowed in the window; welcome again after it",
        seen=f"{allowed} of {len(calls)} allowed in the window of {few} s; "
        + ("welcome again after it" if welcome else f"still refused {LATE_SECONDS} s after it"),
    )


@question(
    "no-count-without-an-end",
    factor="VI",
    text="Does a crash between two commands lock a user out for good?",
    how=f"A deploy reaches Redis over a line that is cut after 1, 2 … {CUTS} commands, each time "
    "for another user: as if the process had died there. Then every key in Redis is asked for its "
    "end.",
    remedy="set the count and its end in one step: SET with ex= and nx=True, a pipeline "
    "(MULTI … EXEC), or a script. Between two calls a process can die.",
)
def no_count_without_an_end(lab: Lab, subject: Subject) -> Finding:
    """One point after the other: every place where a process can die is tried."""
    [variable] = subject.contract.of_kind("redis")
    [store] = stores(lab, subject)
    line = lab.cut(store)
    app = deploy(lab, subject, shared(lab, subject), {variable.name: line.url})
    rows: list[tuple[int, str, int]] = []
    for pieces in range(1, CUTS + 1):
        before = _endless(store)
        line.after(pieces)
        [reply] = one_by_one(app, _calls(subject, random_word("user"), 1)).replies
        new = _endless(store) - before
        rows.append((pieces, str(reply.status or reply.error), len(new)))
        line.mend()
    app.remove()
    endless = sum(row[2] for row in rows)
    return Finding(
        judged(not endless),
        expected="0 keys without an end",
        seen=f"{endless} keys without an end",
        columns=("commands before the cut", "the request got", "new keys without an end"),
        rows=rows,
    )


def _endless(store: Redis) -> set[str]:
    return {key for key in store.command("KEYS", "*") if store.command("TTL", key) == -1}
