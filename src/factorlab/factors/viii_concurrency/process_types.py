"""VIII. Concurrency: process types of one image, each with its own work and its own number."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factorlab.factors.viii_concurrency.mail_rig import (
    COME_SECONDS,
    IDLE_SECONDS,
    TICK_SECONDS,
    WAITS_WITHOUT_END,
    formed,
    until,
)
from factorlab.lab import Lab, Postgres, Redis
from factorlab.questions.deploys import REPLICAS, Config
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

WORKERS = 4
ORDERS = 12
CROWD = 24
ROUNDS = 3
TICKS = 7
SLACK = 0.5
QUIET_SECONDS = 3
"""How long nothing may come where nothing should: on a free machine it comes within 0.1 s."""
FROZEN_SECONDS = 0.8
"""How long the stores stand still, so that workers which look before they take look together."""


@question(
    "web-hands-over",
    factor="VIII",
    text="Does the web process leave the mails to a worker?",
    how=f"{REPLICAS} web processes, no worker. {ORDERS} orders are sent; the mail service is slow "
    f"today. Mails that come within {QUIET_SECONDS} s are counted. Then one worker is started, and "
    f"the mails of these orders are counted again. It has nothing to do for {IDLE_SECONDS} s, and one more "
    "order is sent.",
    remedy="let POST /orders put the order into a list in Redis or a row of `jobs`, and answer. Only "
    "worker.py takes it from there and sends the mail. One that ended while it was idle (its state is "
    f"below) {WAITS_WITHOUT_END}",
)
def web_hands_over(lab: Lab, subject: Subject) -> Finding:
    """The gate is shut, so that a web process which sends is found with the mail in its hand."""
    with formed(lab, subject, "shut") as formation:
        names, taken = formation.order(ORDERS)
        wanted = set(names)
        quiet = lab.probe.stretched(QUIET_SECONDS)
        early = until(ORDERS, lambda: len(formation.mails.orders()), quiet)
        formation.start("worker")
        formation.mails.gate("open")
        came = until(ORDERS, lambda: len(wanted & set(formation.mails.orders())))
        late = 0
        if came == ORDERS:
            time.sleep(IDLE_SECONDS)
            late = formation.passes()
        rows, log = formation.rows(), formation.log()
    good = (taken, early, came, late) == (ORDERS, 0, ORDERS, 1)
    return Finding(
        judged(good),
        expected=f"{ORDERS} of {ORDERS} orders taken, 0 mails without a worker, {ORDERS} with one; "
        "then 1 of 1 after it was idle",
        seen=f"{taken} of {ORDERS} orders taken, {early} mails without a worker, {came} with one; "
        f"then {late} of 1 after it was idle",
        columns=("process type", "state"),
        rows=rows,
        log="" if good else log,
    )


@dataclass(frozen=True)
class Worked:
    """What four workers did with a crowd of orders."""

    at_once: int
    """The most workers that had a mail in hand at the same moment."""
    once: int
    twice: int
    missing: int
    rows: Sequence[tuple[str, str]]
    log: str

    def finding(self, good: bool, expected: str, seen: str) -> Finding:
        """One of the two questions that it answers."""
        return Finding(
            judged(good),
            expected,
            seen,
            ("process type", "state"),
            self.rows,
            "" if good else self.log,
        )


def _worked(lab: Lab, subject: Subject) -> Worked:
    """Let four workers do a crowd of orders. Their hands are made to meet: each time all hold a
    mail, the stores stand still, the mails go, and all ask for the next order together."""
    with formed(lab, subject, "shut") as formation:
        names, _ = formation.order(CROWD)
        formation.start("worker", WORKERS)
        stores = _stores(formation.config)
        most = 0
        for number in range(ROUNDS):
            seconds = COME_SECONDS if not number else COME_SECONDS / 4
            held = until(WORKERS, formation.hands, seconds)
            most = max(most, held)
            if held < WORKERS:
                break
            _freeze(stores, lambda: formation.mails.gate("shut"))
        formation.mails.gate("open")
        wanted = set(names)
        until(CROWD, lambda: len(wanted & set(formation.mails.orders())))
        time.sleep(QUIET_SECONDS / 3)  # what is sent a second time comes a little later
        came = [formation.mails.orders().count(name) for name in names]
        return Worked(
            most,
            came.count(1),
            sum(n > 1 for n in came),
            came.count(0),
            formation.rows(),
            formation.log(),
        )


def _stores(config: Config) -> list[Redis | Postgres]:
    """The stores of this config."""
    caches = [s for s in config.services if isinstance(s, Redis)]
    return [*caches, *([config.database] if config.database else [])]


def _freeze(stores: Sequence[Redis | Postgres], meanwhile: Callable[[], None]) -> None:
    """Let the stores stand still for a moment."""
    try:
        for store in stores:
            store.pause()
        meanwhile()
        time.sleep(FROZEN_SECONDS)
    finally:
        for store in stores:
            store.unpause()


@question(
    "workers-work-at-once",
    factor="VIII",
    text=f"Do {WORKERS} workers work at the same time?",
    how=f"{CROWD} orders wait, and {WORKERS} workers are started. The mail service holds every mail, "
    "so each worker that has an order stands there with it. Containers that have a mail in hand at "
    "the same moment are counted.",
    remedy="let a worker take one order, send its mail, then take the next. One that takes all "
    "orders leaves none to the others; the process types' states below say who has ended.",
)
def workers_work_at_once(lab: Lab, subject: Subject) -> Finding:
    """Held by the mail service, so that no clock decides."""
    worked = subject.once(_worked, lab)
    return worked.finding(
        worked.at_once == WORKERS,
        f"{WORKERS} of {WORKERS} workers have a mail in hand at the same moment",
        f"{worked.at_once} of {WORKERS} workers",
    )


@question(
    "each-order-once",
    factor="VIII",
    text="Is each order done once, however many workers there are?",
    how=f"{CROWD} orders for {WORKERS} workers. {ROUNDS} times, all workers finish a mail while "
    "Redis and the database stand still for a moment, so that all of them ask for their next order "
    "together. Then all mails may go, and each order's are counted.",
    remedy="look and take in one step: BLPOP or LPOP in Redis, or SELECT … FOR UPDATE SKIP LOCKED in "
    "a transaction that also marks the row. Between two steps, another worker looks too.",
)
def each_order_once(lab: Lab, subject: Subject) -> Finding:
    """From the experiment of `workers-work-at-once`."""
    worked = subject.once(_worked, lab)
    return worked.finding(
        worked.once == CROWD,
        f"{CROWD} of {CROWD} orders with one mail",
        f"{worked.once} of {CROWD} orders with one mail, {worked.twice} with more, "
        f"{worked.missing} with none",
    )


@question(
    "one-scheduler",
    factor="VIII",
    text="Does the digest come once per tick, however many web processes there are?",
    how=f"{REPLICAS} web processes and a worker run for some seconds; TICK_SECONDS is {TICK_SECONDS}. "
    f"Digests are counted. Then one scheduler is started, and {TICKS} digests are waited for. From one "
    f"to the next, there must be {SLACK} ticks or more on average.",
    remedy="let scheduler.py alone know the time: in a loop, sleep TICK_SECONDS, then hand over one "
    "digest (or send it). Nothing in app.py or worker.py may start a clock.",
)
def one_scheduler(lab: Lab, subject: Subject) -> Finding:
    """Half a tick is enough: on a busy machine, digests that waited come closer together."""
    with formed(lab, subject, "open") as formation:
        formation.start("worker")
        formation.passes()  # the worker is at work, and what was in the line before is done
        formation.mails.begin("open")
        time.sleep(QUIET_SECONDS * TICK_SECONDS)
        formation.passes()  # so that a digest that was handed over has come too
        without = formation.mails.digests()
        formation.mails.begin("open")
        formation.start("scheduler")
        came = until(TICKS, formation.mails.digests)
        apart = formation.mails.pace() / TICK_SECONDS
        rows, log = formation.rows(), formation.log()
    pace = "too few" if came < TICKS else "at its pace" if apart >= SLACK else "too fast"
    good = not without and pace == "at its pace"
    return Finding(
        judged(good),
        expected=f"0 digests without a scheduler, {TICKS} or more with one, at its pace",
        seen=f"{without} digests without a scheduler, {came} with one, {pace}",
        columns=("process type", "state"),
        rows=rows,
        log="" if good else log,
    )
