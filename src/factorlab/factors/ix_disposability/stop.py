"""IX. Disposability: a process can be stopped at any moment, and nobody notices."""

import time
from dataclasses import dataclass

from factorlab.lab import App, Lab, Load
from factorlab.lab.apps.process import KILLED
from factorlab.lab.probe import PATIENCE
from factorlab.questions.deploys import deploy, fill, shared
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import WORKERS, WRITE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

ORDERS = 20
GRACE = 10
HELD_SECONDS = 3
"""How long after the stop began the last part of each request is sent."""
ANSWER_SECONDS = 20


@dataclass(frozen=True)
class Stop:
    """What became of one stop: the requests that were in flight, whether it ended within the grace
    period, the exit code, and the app's last lines."""

    orders: Load
    early: bool
    code: int | None
    log: str

    @property
    def answered(self) -> int:
        """How many requests were answered with 2xx."""
        return self.orders.succeeded


def stop_in_flight(lab: Lab, subject: Subject) -> Stop:
    """Stop an app that has requests in hand, as a platform does: with the image's own signal and
    a grace period. One experiment answers two questions. Who got SIGKILL on an overloaded machine
    is stopped once more, with a longer grace period: a queue for a core is not the app's fault."""
    stop = _stopped(lab, subject, GRACE)
    if stop.code == KILLED and not stop.early and lab.probe.overloaded():
        stop = _stopped(lab, subject, GRACE * PATIENCE)
    return stop


def _stopped(lab: Lab, subject: Subject, grace: float) -> Stop:
    """One app, its requests, and one stop."""
    app = deploy(lab, subject, shared(lab, subject))
    orders = app.begin_load(
        subject.contract.write, _orders(subject), hold=True, seconds=ANSWER_SECONDS
    )
    began = time.monotonic()
    ended: list[float] = []
    loads: list[Load] = []

    def stop() -> None:
        app.stop(grace)
        ended.append(time.monotonic() - began)

    def finish() -> None:
        time.sleep(max(0, HELD_SECONDS - (time.monotonic() - began)))
        loads.append(orders.finish())

    lab.together(stop, finish)
    found = Stop(loads[0], ended[0] < grace, app.exit_code, app.logs(tail=8))
    app.remove()
    return found


def _orders(subject: Subject) -> int:
    """How many requests it can have in hand: what it works on at once, at most 20."""
    return max(1, min(ORDERS, subject.contract.at_once))


@question(
    "requests-survive-a-stop",
    factor="IX",
    group="stop",
    needs=(WRITE,),
    text="Are the requests that are in flight answered when the app is told to stop?",
    how=f"The app has {ORDERS} requests in hand, of which the last part is still on its way. It is "
    f"stopped as a platform does it, with a grace period of {GRACE} s. The last part of each comes "
    f"{HELD_SECONDS} s after that. The answers with 2xx are counted.",
    remedy="when the signal comes, take no new requests, bring those in hand to their end, however "
    "many seconds they take, and only then end. uvicorn and gunicorn do so by themselves, if the "
    "signal reaches them: look at who is process 1, and what it does with SIGTERM.",
)
def requests_survive_a_stop(lab: Lab, subject: Subject) -> Finding:
    """The end of each request is held back, so that none can be answered before the signal."""
    stop, of = subject.once(stop_in_flight, lab), _orders(subject)
    return Finding(
        judged(stop.answered == of),
        expected=f"{of} of {of} requests answered",
        seen=f"{stop.answered} of {of} requests answered",
        columns=("what came", "requests"),
        rows=sorted(stop.orders.statuses().items()),
        log="" if stop.answered == of else stop.log,
    )


@question(
    "stops-by-itself",
    factor="IX",
    group="stop",
    needs=(WRITE,),
    text="Does the app end by itself when it is told to stop?",
    how=f"The same stop, with {ORDERS} requests in hand for {HELD_SECONDS} s: SIGTERM, or the stop "
    f"signal that the image names; SIGKILL after a grace period of {GRACE} s. The exit code of "
    f"something that got SIGKILL is {KILLED}.",
    remedy="let the signal reach your app, and let the app end. Process 1 gets it, and a shell as "
    "process 1 neither ends at SIGTERM nor passes it on. A signal that is not SIGTERM is set by "
    "STOPSIGNAL.",
)
def stops_by_itself(lab: Lab, subject: Subject) -> Finding:
    """Any exit code but that of SIGKILL is fine: 0 and 143 are both seen after a clean end."""
    stop = subject.once(stop_in_flight, lab)
    killed = stop.code == KILLED
    how = "before" if stop.early else "at"
    return Finding(
        judged(not killed),
        expected=f"it ended by itself within the grace period, with any exit code but {KILLED}",
        seen=f"it got SIGKILL {how} the end of the grace period, exit code {KILLED}"
        if killed
        else f"it ended by itself, exit code {stop.code}",
        log=stop.log if killed else "",
    )


CALM_SECONDS = 2.0
CALM_CPU = 0.05
"""CPU seconds in `CALM_SECONDS` below which a process has come to its work and waits for it."""
START_SECONDS = 60


@question(
    "workers-stop-by-themselves",
    factor="IX",
    group="stop",
    needs=(WORKERS,),
    text="Do its workers run, and end by themselves when they are told to stop?",
    how="Each process type of the contract is started from the same image with the same variables. Once "
    f"it waits for work, it is stopped: SIGTERM, and SIGKILL {GRACE} s later. It must run until "
    f"then, and must not get SIGKILL (exit code {KILLED}).",
    remedy="let a worker end at SIGTERM after the job in hand. Process 1 has no default for it: set a "
    "handler, or let tini be process 1 (`docker run --init`).",
)
def workers_stop_by_themselves(lab: Lab, subject: Subject) -> Finding:
    """A worker answers nobody, so that it is up is told by the CPU that it uses: less and less."""
    config = fill(lab, subject, "worked")
    rows, log = [], ""
    grace = lab.probe.stretched(GRACE)
    for kind, command in subject.contract.processes.items():
        worker = lab.deploy(subject.image, kind, env=config.env, wait=False, command=command)
        ran = _settled(worker)
        code = worker.stop(grace) if ran else worker.exit_code
        good = ran and code != KILLED
        log = log or ("" if good else worker.logs(tail=8))
        how = (
            "ended before it was told to"
            if not ran
            else "got SIGKILL"
            if code == KILLED
            else "ended"
        )
        rows.append((kind, how, code))
        worker.remove()
    wrong = [f"{kind} {how}" for kind, how, _ in rows if how != "ended"]
    return Finding(
        judged(not wrong),
        expected="each runs, and ends by itself when it is told to",
        seen=", ".join(wrong) or "each did",
        columns=("process type", "it", "exit code"),
        rows=rows,
        log=log,
    )


def _settled(worker: App) -> bool:
    """Wait until it computes no more, at most a minute: whether it still runs then."""
    deadline = time.monotonic() + START_SECONDS
    before, since = worker.cpu_seconds, time.monotonic()
    while worker.exit_code is None and time.monotonic() < deadline:
        time.sleep(0.2)
        used, now = worker.cpu_seconds, time.monotonic()
        if used - before > CALM_CPU or not used:
            before, since = used, now
        elif now - since > CALM_SECONDS:
            break
    return worker.exit_code is None
