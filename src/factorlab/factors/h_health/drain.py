"""H. Health checks, at the end of a replica: not ready first, and then it leaves."""

import time
from contextlib import suppress

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Request, Supervisor
from factorlab.lab.apps.http import is_success
from factorlab.questions.deploys import REPLICAS, answers, deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

ROUNDS = 4
ORDERS = 6
SECONDS = 20
"""How long a replica may take to end, or to be noticed, on a machine that is busy."""
CLOSING_SECONDS = 5
APART_SECONDS = 0.4
"""Between two orders that come late: longer than a server needs to close its port."""
IN_ORDER = (0, 143)
"""Exit codes of an end in order: 143 is SIGTERM, raised again by a server after it has cleaned up."""


def _deploy(lab: Lab, subject: Subject) -> list[App]:
    """Replicas of one config for one question: what a drain leaves behind must not be found by
    the next."""
    config = fill(lab, subject, "drain")
    return lab.together(*[lambda: deploy(lab, subject, config)] * REPLICAS)


def _supervisor(lab: Lab, subject: Subject, apps: list[App]) -> Supervisor:
    """All replicas are in the router when it is returned, or else will not be."""
    live, ready = (subject.contract.request(name).path for name in ("live", "ready"))
    watch = Supervisor(
        lab.router(*apps, name="drain-router"), apps, live=live, ready=ready, seconds=3, boot=100
    )
    _until(watch, apps)
    return watch


def _until(watch: Supervisor, routed: list[App]) -> bool:
    """Go on until these are in the router; whether it came to that in time."""

    def done() -> bool:
        watch.round()
        return watch.router.apps == routed

    return until(done, SECONDS, every=0)  # a round takes its time


def _send(app: App, request: Request) -> int | None:
    """The status that a request gets, or None."""
    with suppress(NoAnswer):
        return app.send(request).status_code
    return None


def _until_closed(app: App, request: Request) -> None:
    """Wait until a server that was told to end takes no new connection, as far as it ever does so:
    a request that comes before that moment would be answered by luck."""
    until(lambda: _send(app, request) is None, CLOSING_SECONDS)


def _clear(watch: Supervisor) -> None:
    watch.router.remove()
    for app in watch.apps:
        app.remove()


@question(
    "drain-leaves-the-router",
    factor="H",
    text="Does a replica that was told to leave get out of the router, it alone, and live on?",
    how=f"{REPLICAS} replicas are ready. POST /drain goes to the first one. A supervisor asks "
    f"GET /live and GET /ready for {ROUNDS} rounds, routes to those that are ready, and restarts a "
    "replica at the 3rd miss of /live in a row.",
    remedy="let POST /drain set a mark in this process, or in a file of this container, and let "
    "/ready answer 503 while it is there; /live stays 2xx, or the platform restarts the replica.",
)
def drain_leaves_the_router(lab: Lab, subject: Subject) -> Finding:
    """Readiness and liveness of all of them, in one picture."""
    apps = _deploy(lab, subject)
    watch = _supervisor(lab, subject, apps)
    status = _send(apps[0], subject.contract.request("drain"))
    drained = others = 0
    for _ in range(ROUNDS):
        watch.round()
        drained += apps[0] in watch.router.apps
        others += sum(app in watch.router.apps for app in apps[1:])
    log = apps[0].logs(tail=8)
    _clear(watch)
    left_in_time = is_success(status)
    of = ROUNDS * (REPLICAS - 1)
    good = left_in_time and (drained, others, watch.restarts) == (0, of, 0)
    return Finding(
        judged(good),
        expected=f"POST /drain answered 2xx; in the router: the drained one 0 of {ROUNDS} times, the "
        f"others {of} of {of}; restarts: 0",
        seen=f"POST /drain answered {status or 'nothing'}; in the router: the drained one {drained} of "
        f"{ROUNDS} times, the others {others} of {of}; restarts: {watch.restarts}",
        log="" if good else log,
    )


@question(
    "drained-still-answers",
    factor="H",
    text="Does a replica that is leaving still answer what the router sends it?",
    how=f"One order is under way at a replica, its body not yet complete. POST /drain is sent; then "
    f"{ORDERS} more orders come, since a router needs a moment to notice. Then the first one is "
    "completed. Orders with 2xx are counted.",
    remedy="change only what /ready says: between the mark and the last round of the platform, "
    "requests still come, and every one that is refused is an order lost.",
)
def drained_still_answers(lab: Lab, subject: Subject) -> Finding:
    """Sent to the replica itself, as a router does that has not noticed yet."""
    app = deploy(lab, subject, fill(lab, subject, "drain"))
    order = subject.contract.write
    under_way = app.begin(order.method, order.path, order.json)
    _send(app, subject.contract.request("drain"))
    statuses = []
    for _ in range(ORDERS):
        time.sleep(APART_SECONDS)
        statuses.append(_send(app, order))
    taken = sum(is_success(status) for status in statuses)
    first = is_success(under_way.finish(SECONDS))
    log = app.logs(tail=8)
    app.remove()
    good = taken == ORDERS and first
    return Finding(
        judged(good),
        expected=f"{ORDERS} of {ORDERS} orders after the drain answered 2xx, 1 of 1 that was under way",
        seen=f"{taken} of {ORDERS} orders after the drain answered 2xx, {int(first)} of 1 that was "
        f"under way; answers: {', '.join(str(status or 'none') for status in statuses)}",
        log="" if good else log,
    )


@question(
    "rolling-drain-loses-nothing",
    factor="H",
    text="Can all replicas be replaced, one by one, without one lost order?",
    how=f"Each of {REPLICAS} replicas in turn: an order is begun there; POST /drain; rounds until it "
    f"is out of the router; SIGTERM; the order is completed; the replica ends; it is started again; "
    f"rounds until it is back in the router. At each of the four steps, {ORDERS} orders go to the "
    "router.",
    remedy="a drain only makes /ready say 503. The end comes with SIGTERM, which process 1 must "
    "hear, and a replica that starts again must be ready again: keep the mark nowhere that outlives it.",
)
def rolling_drain_loses_nothing(lab: Lab, subject: Subject) -> Finding:
    """The platform waits for what it sees, so no clock decides."""
    apps, contract = _deploy(lab, subject), subject.contract
    watch = _supervisor(lab, subject, apps)
    sent = taken = finished = ended = back = 0
    for app in apps:
        if not watch.router.apps:
            break
        order = contract.write
        try:
            under_way = app.begin(order.method, order.path, order.json)
        except NoAnswer:
            break
        others = [other for other in watch.router.apps if other is not app]
        _send(app, contract.request("drain"))
        taken += _orders(watch, contract.write)
        _until(watch, others)
        taken += _orders(watch, contract.write)
        app.kill("SIGTERM")
        _until_closed(app, contract.request("live"))
        taken += _orders(watch, contract.write)
        finished += is_success(under_way.finish(SECONDS))
        ended += app.wait(SECONDS) in IN_ORDER
        _start_again(lab, subject, app)
        back += _until(watch, [other for other in apps if other in others or other is app])
        taken += _orders(watch, contract.write)
        sent += 4 * ORDERS
    log = apps[0].logs(tail=8)
    _clear(watch)
    of = 4 * ORDERS * REPLICAS
    counted = (taken, finished, ended, back)
    good = counted == (of, REPLICAS, REPLICAS, REPLICAS)
    return Finding(
        judged(good),
        expected=_summary(of, (of, REPLICAS, REPLICAS, REPLICAS)),
        seen=_summary(sent, counted),
        log="" if good else log,
    )


def _summary(sent: int, counted: tuple[int, int, int, int]) -> str:
    taken, finished, ended, back = counted
    return (
        f"orders through the router: {taken} of {sent}; under way at SIGTERM: {finished} of "
        f"{REPLICAS}; ended by itself in order: {ended} of {REPLICAS}; back in the router: {back} of "
        f"{REPLICAS}"
    )


def _orders(watch: Supervisor, order: Request) -> int:
    load = watch.router.load([order] * ORDERS, at_once=1)
    return load.succeeded


def _start_again(lab: Lab, subject: Subject, app: App) -> None:
    """As a platform does: one that did not end is ended first."""
    if app.exit_code is None:
        app.stop(grace=1)
    app.start(wait=False)
    answers(lab, subject, app)
