"""H. Health checks: what a platform does with the answers, when a dependency, the process or its
start has a bad day. The supervisor counts rounds, so the outcome is the same on any machine."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Redis, Request, Router, Supervisor
from factorlab.questions.deploys import answers, fill, launch, random_word, replicas, shared, stores
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

ROUNDS = 4
MISSES = 3
EACH = 3
ANSWER_SECONDS = 3
"""How long a probe, or a page that a check asks for, may take: three times what is asked of an
answer, and less than a Redis client waits that was told nothing."""
AGAIN_SECONDS = 120
"""How long a replica may take to come back on a machine that is busy."""
CATALOG = "catalog"
"""The key in Redis under which the exercise's shop finds what it loads at its start."""
OUTAGES = ("paused", "stopped")


@dataclass
class Day:
    """Three replicas behind a router, their Redis, and what is counted of them."""

    apps: list[App]
    store: Redis
    router: Router
    rows: list[tuple[object, ...]] = field(default_factory=list)


@contextmanager
def _day(lab: Lab, subject: Subject) -> Iterator[Day]:
    """Replicas that are ready, with a catalog to load; afterwards they answer again."""
    shared(lab, subject)
    store = stores(lab, subject)[0]
    store.command("SET", CATALOG, json.dumps([random_word("tea")]))
    apps = replicas(lab, subject)
    ready = _path(subject, "ready")
    until(lambda: all(_is(app, ready) for app in apps), AGAIN_SECONDS / 4, every=0.1)
    router = lab.router(*apps, name="health-router")
    try:
        yield Day(apps, store, router)
    finally:
        router.remove()
        for app in apps:
            if not answers(lab, subject, app):
                _start_anew(app)
                answers(lab, subject, app)


@contextmanager
def _outage(store: Redis, kind: str) -> Iterator[None]:
    """Redis is paused, and accepts and never answers; or it is stopped, and its name is gone."""
    store.pause() if kind == "paused" else store.stop()
    try:
        yield
    finally:
        store.unpause() if kind == "paused" else store.start()


def _start_anew(app: App) -> None:
    app.stop(grace=1)
    app.start(wait=False)


def _path(subject: Subject, name: str) -> str:
    return subject.contract.request(name).path


@question(
    "outage-restarts-nothing",
    factor="H",
    text="Does an outage of Redis restart no replica?",
    how=f"A supervisor asks GET /live of 3 replicas, in rounds, and restarts a replica at the "
    f"{MISSES}rd miss in a row: no answer, no 2xx, or later than {ANSWER_SECONDS} s. Redis is "
    f"paused for {ROUNDS} rounds, then stopped for {ROUNDS} rounds. Restarts are counted.",
    remedy="let /live say only that the process answers: a restart of the app mends no Redis, and "
    "ends what the app has under way.",
)
def outage_restarts_nothing(lab: Lab, subject: Subject) -> Finding:
    """Only liveness is asked, so that only liveness is judged."""
    with _day(lab, subject) as day:
        for kind in OUTAGES:
            watch = Supervisor(
                day.router,
                day.apps,
                live=_path(subject, "live"),
                misses=MISSES,
                seconds=ANSWER_SECONDS,
            )
            with _outage(day.store, kind):
                for _ in range(ROUNDS):
                    watch.round()
            day.rows.append((kind, ROUNDS, watch.restarts))
        log = day.apps[0].logs(tail=8)
    good = not any(row[2] for row in day.rows)
    return Finding(
        judged(good),
        expected="0 restarts while Redis is paused, 0 while it is stopped",
        seen=f"{day.rows[0][2]} restarts while Redis is paused, {day.rows[1][2]} while it is stopped",
        columns=("Redis", "rounds", "restarts"),
        rows=day.rows,
        log="" if good else log,
    )


@question(
    "outage-spares-other-pages",
    factor="H",
    text="Does a page that needs no Redis stay up while Redis is away, and the cart say 503?",
    how=f"A supervisor asks GET /ready of 3 replicas in each round and gives the router the list "
    f"of those that answer 2xx within {ANSWER_SECONDS} s. Redis is paused for {EACH} rounds, then "
    f"stopped for {EACH}. In each round, {EACH} GET / and {EACH} POST /cart go to the router, each "
    f"with {ANSWER_SECONDS} s. Then Redis is back, and POST /cart must get 2xx again.",
    remedy="let /ready answer for the replica's own work: when all replicas ask the same Redis, "
    "one outage takes all of them out of the router. In the cart, catch redis.RedisError and "
    "answer 503, with a short time-out.",
)
def outage_spares_other_pages(lab: Lab, subject: Subject) -> Finding:
    """Only readiness is asked, so that a wrong liveness is not counted here too."""
    page, cart = subject.contract.read, subject.contract.write
    of = EACH * EACH
    with _day(lab, subject) as day:
        for kind in OUTAGES:
            watch = Supervisor(
                day.router, day.apps, ready=_path(subject, "ready"), seconds=ANSWER_SECONDS
            )
            pages = carts = 0
            with _outage(day.store, kind):
                for _ in range(EACH):
                    watch.round()
                    load = day.router.load([page, cart] * EACH, seconds=ANSWER_SECONDS)
                    pages += sum(r.status == 200 for r in load.replies if r.request == page)
                    carts += sum(
                        r.status == 503 and bool(r.replica)
                        for r in load.replies
                        if r.request == cart
                    )
            back = "works" if _back(day, watch, cart) else "does not work"
            day.rows.append((kind, pages, carts, back))
        log = day.apps[0].logs(tail=8)
    good = all(row[1:] == (of, of, "works") for row in day.rows)
    return Finding(
        judged(good),
        expected="; ".join(_summary((kind, of, of, "works"), of) for kind in OUTAGES),
        seen="; ".join(_summary(row, of) for row in day.rows),
        columns=("Redis", "GET / with 200", "POST /cart with 503", "the cart afterwards"),
        rows=day.rows,
        log="" if good else log,
    )


def _summary(row: tuple[object, ...], of: int) -> str:
    kind, pages, carts, back = row
    return f"{kind}: page {pages} of {of}, cart 503 {carts} of {of}, then the cart {back}"


def _back(day: Day, watch: Supervisor, cart: Request) -> bool:
    """Whether the cart works again behind the router, in time."""

    def works() -> bool:
        watch.round()
        return all(r.ok for r in day.router.load([cart] * EACH).replies)

    return until(works, AGAIN_SECONDS / 4, every=0)


@question(
    "wedged-replica-serves-again",
    factor="H",
    text="Does a replica that hangs serve again, without a hand from anybody?",
    how=f"POST /report to one of 3 replicas makes it wait without end. A supervisor asks GET /live "
    f"in rounds and restarts a replica at the {MISSES}rd miss in a row. Then GET / is sent to "
    "this replica.",
    remedy="let /live be answered by what answers the pages: the same process and the same event "
    "loop (async def), so that it falls silent together with them.",
)
def wedged_replica_serves_again(lab: Lab, subject: Subject) -> Finding:
    """An app in which nothing hangs needs no restart, and is right too."""
    with _day(lab, subject) as day:
        report, app = subject.contract.request("report"), day.apps[0]
        watch = Supervisor(
            day.router, [app], live=_path(subject, "live"), misses=MISSES, boot=1000, seconds=2
        )
        watch.round()
        with suppress(NoAnswer):
            app.send(report, seconds=1)
        rounds, deadline = 0, time.monotonic() + AGAIN_SECONDS
        serves = _is(app, subject.contract.read.path)
        while not serves and time.monotonic() < deadline:
            watch.round()
            rounds += 1
            serves = _is(app, subject.contract.read.path)
            if not serves and not watch.restarts and rounds >= 2 * MISSES:
                break
        log = app.logs(tail=8)
        if not serves:
            _start_anew(app)
    return Finding(
        judged(serves),
        expected="it serves again",
        seen=("it serves again" if serves else "it does not serve")
        + f"; restarts after {rounds} rounds: {watch.restarts}",
        log="" if serves else log,
    )


def _is(app: App, path: str) -> bool:
    """Whether it answers 2xx there."""
    try:
        return app.get(path, seconds=2).is_success
    except NoAnswer:
        return False


@question(
    "slow-start-is-left-alone",
    factor="H",
    text="Is a replica that is still loading neither restarted nor sent requests?",
    how=f"A new replica starts while the catalog is not in Redis yet. It has 20 s (80 on an overloaded machine) until it answers "
    f"GET /live at all; then a supervisor asks GET /live and GET /ready for {2 * MISSES} rounds, and "
    f"restarts it at the {MISSES}rd miss in a row. Then the catalog is put into Redis: the replica "
    "must get into the router, and GET / must hold the catalog.",
    remedy="listen first and load in a thread of its own: /live answers 2xx from the first moment, "
    "/ready answers 503 until the catalog is there.",
)
def slow_start_is_left_alone(lab: Lab, subject: Subject) -> Finding:
    """The check decides when the catalog comes, so no clock decides the outcome."""
    config, word = fill(lab, subject, "slow"), random_word("tea")
    store = next(s for s in config.services if isinstance(s, Redis))
    app = launch(lab, subject, config)
    router = lab.router(name="slow-router")
    answers(lab, subject, app)
    watch = Supervisor(
        router,
        [app],
        live=_path(subject, "live"),
        ready=_path(subject, "ready"),
        misses=MISSES,
        seconds=ANSWER_SECONDS,
    )
    routed = 0
    for _ in range(2 * MISSES):
        watch.round()
        routed += bool(router.apps)
    early = watch.restarts
    store.command("SET", CATALOG, json.dumps([word]))

    def has_catalog() -> bool:
        watch.round()
        return bool(router.apps) and word in _text(router, subject)

    shown = not early and until(has_catalog, AGAIN_SECONDS / 2, every=0)
    good = not early and not routed and shown
    log = app.logs(tail=8)
    router.remove()
    app.remove()
    store.remove()
    then = "then GET / with the catalog" if shown else "then no GET / with the catalog"
    if early:
        then = "the rest was not asked"
    return Finding(
        judged(good),
        expected=f"while it loads: 0 restarts, in the router 0 of {2 * MISSES} rounds; then GET / "
        "with the catalog",
        seen=f"while it loads: {early} restarts, in the router {routed} of {2 * MISSES} rounds; {then}",
        log="" if good else log,
    )


def _text(router: Router, subject: Subject) -> str:
    try:
        return router.get(subject.contract.read.path, seconds=ANSWER_SECONDS).text
    except NoAnswer:
        return ""
