"""VIII. Concurrency: replicas share the database's connections, and each keeps to its share."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from factorlab.lab import App, Lab, Load, Postgres, Request
from factorlab.questions.deploys import deploy, fill, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

REPLICAS = 4
EACH = 20
ROOM = 3
"""How many times the shares the database allows: a connection that was closed counts for a moment more."""
ANSWER_SECONDS = 90
COME_SECONDS, LONGEST_SECONDS = 12, 22
"""How long the connections may take to open, and on an overloaded machine: less than the 30 s after
which pools give up, also where fewer open than are waited for."""
SETTLE_SECONDS = 1.5
"""How long more connections than the share may take to come: on a free machine 0.1 s."""
PLENTY = 60
FAILING = 12
LATER = 10
SHARES = (6, 7, 9)
"""None is the size that a library's pool has by itself: psycopg's has 4, SQLAlchemy's 5 and 10 more."""
TABLE = "orders"


@dataclass(frozen=True)
class Rush:
    """What became of many orders at once, while the table stood still for a moment."""

    load: Load
    open: int
    """Connections of the app at that moment."""
    rows: int

    def taken(self) -> int:
        return self.load.succeeded


def _call(subject: Subject, item: str) -> Request:
    return replace(subject.contract.request("order"), json={"item": item})


def _deploys(lab: Lab, subject: Subject, count: int, share: int) -> tuple[list[App], Postgres]:
    """So many replicas on a database of their own, each told its share."""
    config = fill(lab, subject, "budget")
    [variable] = subject.contract.of_kind("count")
    statuses_text: Mapping[str, str] = {variable.name: str(share)}
    assert config.database is not None
    config.database.allow(ROOM * count * share if count > 1 else PLENTY)
    apps = lab.together(*[lambda: deploy(lab, subject, config, statuses_text)] * count)
    return apps, config.database


def _rush(lab: Lab, subject: Subject, apps: Sequence[App], database: Postgres, share: int) -> Rush:
    """Send orders to all replicas at once while nobody can add a row, count the connections as
    soon as they are as many as allowed, and let the table go."""
    before = database.rows()
    sent = []
    with database.lock(TABLE):
        for app in apps:
            calls = [_call(subject, random_word("tea")) for _ in range(EACH)]
            sent.append(lab.begin(partial(app.load, calls, at_once=EACH, seconds=ANSWER_SECONDS)))
        until(
            lambda: database.connected() >= share * len(apps) or all(one.done() for one in sent),
            min(lab.probe.stretched(COME_SECONDS), LONGEST_SECONDS),
            every=0.1,
        )
        time.sleep(SETTLE_SECONDS)
        open_ = database.connected()
    replies = [reply for one in sent for reply in one.result().replies]
    return Rush(Load(replies), open_, database.rows() - before)


@question(
    "replicas-share-the-limit",
    factor="VIII",
    text=f"Do {REPLICAS} replicas get by with the connections that there are?",
    how=f"{REPLICAS} replicas on one database that allows {ROOM} times their shares together. "
    f"Each gets {EACH} orders at once, while nobody can write to the table for a moment. Orders answered 2xx "
    "are counted, and rows in the table.",
    remedy="open no connection for each request: keep a pool, with its largest size from "
    "DATABASE_CONNECTIONS and nothing beyond it, and let requests wait for a free one.",
)
def replicas_share_the_limit(lab: Lab, subject: Subject) -> Finding:
    """The table stands still, so that every connection that is wanted is wanted at once."""
    share = 2 + secrets.randbelow(2)
    apps, database = _deploys(lab, subject, REPLICAS, share)
    rush = _rush(lab, subject, apps, database, share)
    of, taken = REPLICAS * EACH, rush.taken()
    good = taken == rush.rows == of
    log = "" if good else apps[0].logs(tail=4)
    for app in apps:
        app.remove()
    statuses_text = ", ".join(
        f"{count} times {word}" for word, count in rush.load.statuses().items()
    )
    return Finding(
        judged(good),
        expected=f"{of} of {of} orders answered 2xx, {of} rows",
        seen=f"{taken} of {of} orders answered 2xx, {rush.rows} rows"
        + ("" if good else f"; {statuses_text}"),
        columns=("replicas", "told", "allowed together", "open while all wait"),
        rows=[(REPLICAS, share, ROOM * REPLICAS * share, rush.open)],
        log=log,
    )


@question(
    "keeps-to-its-share",
    factor="VIII",
    text="Does a replica use its share of connections, and no more?",
    how=f"One replica on a database with {PLENTY} connections to give, told a random share. It gets "
    f"{EACH} orders at once, while nobody can write to the table. Its connections are counted.",
    remedy="take the number from DATABASE_CONNECTIONS for the pool's largest size, and look for what "
    "your pool may open beyond it (max_overflow in SQLAlchemy).",
)
def keeps_to_its_share(lab: Lab, subject: Subject) -> Finding:
    """The database would give more, so only the app itself keeps to its share."""
    share = secrets.choice(SHARES)
    [app], database = _deploys(lab, subject, 1, share)
    rush = _rush(lab, subject, [app], database, share)
    good = rush.open == share and rush.taken() == EACH
    log = "" if good else app.logs(tail=4)
    app.remove()
    return Finding(
        judged(good),
        expected=f"{share} connections while {EACH} orders wait, {EACH} of {EACH} orders taken",
        seen=f"{rush.open} connections while {EACH} orders wait, {rush.taken()} of {EACH} orders taken",
        columns=("told", "open while all wait"),
        rows=[(share, rush.open)],
        log=log,
    )


@question(
    "gives-connections-back",
    factor="VIII",
    text="Does an order that fails give its connection back?",
    how=f"One replica, told a share of 2. {FAILING} orders that the database refuses are sent, one "
    f"after the other. Then {LATER} good ones.",
    remedy="take a connection in a `with` block, or give it back in `finally`: the line after an "
    "error is not reached. What an error has left undone must be rolled back.",
)
def gives_connections_back(lab: Lab, subject: Subject) -> Finding:
    """More failures than connections, so that one lost connection for each leaves none."""
    [app], database = _deploys(lab, subject, 1, 2)
    wrong = app.load([_call(subject, "x" * 400)] * FAILING, at_once=1, seconds=5)
    refused = FAILING - wrong.succeeded
    calls = [_call(subject, random_word("tea")) for _ in range(LATER)]
    later = app.load(calls, at_once=1, seconds=10)
    taken, rows = later.succeeded, database.rows()
    good = (refused, taken, rows) == (FAILING, LATER, LATER)
    log = "" if good else app.logs(tail=4)
    app.remove()
    statuses_text = ", ".join(f"{count} times {word}" for word, count in later.statuses().items())
    return Finding(
        judged(good),
        expected=f"{FAILING} of {FAILING} bad orders refused, then {LATER} of {LATER} good ones "
        f"answered 2xx, {LATER} rows",
        seen=f"{refused} of {FAILING} bad orders refused, then {taken} of {LATER} good ones "
        f"answered 2xx, {rows} rows" + ("" if good else f"; {statuses_text}"),
        log=log,
    )
