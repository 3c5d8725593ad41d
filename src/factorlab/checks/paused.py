"""IV and H, of any app: a backing service accepts connections and never answers, and comes back."""

import time
from dataclasses import dataclass

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.deploys import deploy, fill, random_word
from factorlab.checks.users import succeeds
from factorlab.errors import NoAnswer
from factorlab.lab import App, Call, Lab, Mailbox, Postgres, Redis
from factorlab.lab.service import Service

ASKED = 3
ANSWER_SECONDS = 3
BACK_SECONDS = 30
HELD_SECONDS = 15
KINDS: dict[str, type[Service]] = {"postgres": Postgres, "redis": Redis, "smtp": Mailbox}
DRILL = "Each backing service is paused in turn: it accepts connections and never answers."


@dataclass(frozen=True)
class Pause:
    """What was seen of one pause: how many liveness requests were answered 2xx, what a write got
    meanwhile and after it, whether the process was still the same."""

    service: str
    live: int
    during: str
    back: bool
    same: bool
    log: str


def pauses(lab: Lab, subject: Subject) -> list[Pause]:
    """One experiment, two questions."""
    contract = subject.contract
    kinds = contract.services()
    database = (
        lab.database(random_word("paused"), schema=contract.schema) if "postgres" in kinds else None
    )
    services: dict[str, Service] = {"postgres": database} if database else {}
    for kind in kinds:
        if kind not in services:
            services[kind] = lab.service(KINDS[kind], random_word("paused"))
    urls = {kind: service.url for kind, service in services.items()}
    app = deploy(lab, subject, fill(lab, subject, "paused", database, urls))
    found = [_pause(lab, subject, app, *item) for item in services.items()]
    app.remove()
    return found


def _pause(lab: Lab, subject: Subject, app: App, kind: str, service: Service) -> Pause:
    contract = subject.contract
    write = Call(contract.write.method, contract.write.path, contract.write.json)
    live = contract.others.get("live")
    began = app.state.started_at
    app.load([write])  # what is made at the first request is made now
    service.pause()
    try:
        busy = contract.at_once > 1
        held = lab.begin(lambda: app.load([write], seconds=HELD_SECONDS)) if busy else None
        calls = [Call(live.method, live.path)] * ASKED if live else []
        answered = app.load(calls, at_once=1, seconds=ANSWER_SECONDS).replies if calls else ()
        during = "not sent"
        if held:
            reply = held.result().replies[0]
            during = str(reply.status or reply.error)
    finally:
        service.unpause()
    return Pause(
        kind, sum(map(succeeds, answered)), during, _back(lab, app, write),
        app.exit_code is None and app.state.started_at == began, app.logs(tail=8),
    )  # fmt: skip


def _back(lab: Lab, app: App, write: Call) -> bool:
    began = time.monotonic()
    while lab.probe.patient(time.monotonic() - began, BACK_SECONDS):
        try:
            if app.request(write.method, write.path, json_body=write.json, seconds=5).is_success:
                return True
        except NoAnswer:
            if app.exit_code is not None:
                return False
        time.sleep(0.2)
    return False


@check(
    "live-bears-an-outage",
    factor="H",
    question="Does the liveness page answer while a backing service does not?",
    how=f"{DRILL} One write is under way, and the request `live` is sent {ASKED} times, each with "
    f"{ANSWER_SECONDS} s to be answered 2xx.",
    remedy="let the liveness page say only that the process answers: a platform restarts who fails it, "
    "and a restart of the app mends no database. Give each client of a service a time-out, and let "
    "nothing that waits for one hold the event loop or the only worker.",
)
def live_bears_an_outage(lab: Lab, subject: Subject) -> Finding:
    """A platform asks while requests hang: one does so here too."""
    found = subject.once(pauses, lab)
    good = all(one.live == ASKED for one in found)
    return Finding(
        judged(good),
        expected=f"{ASKED} of {ASKED} answered 2xx in time, whatever is paused",
        seen=", ".join(f"{one.service} paused: {one.live} of {ASKED}" for one in found),
        columns=("paused", "live answered 2xx", "a write got meanwhile"),
        rows=[(one.service, f"{one.live} of {ASKED}", one.during) for one in found],
        log="" if good else next(one.log for one in found if one.live < ASKED),
    )


@check(
    "serves-again-after-an-outage",
    factor="IV",
    question="Does it serve again when a backing service is back, without a restart?",
    how=f"{DRILL} Then it runs on, and a write is sent until it is answered 2xx, for {BACK_SECONDS} s. "
    "The process must be the one that was there before.",
    remedy="let an error end the request and not the app, give clients a time-out, drop a connection "
    "that has failed (pool_pre_ping, or a check before use), and connect again.",
)
def serves_again_after_an_outage(lab: Lab, subject: Subject) -> Finding:
    """An app that ends and is started by a platform has lost what it had in hand."""
    found = subject.once(pauses, lab)
    good = all(one.back and one.same for one in found)
    return Finding(
        judged(good),
        expected="after each pause, a write is answered 2xx by the same process",
        seen="; ".join(
            f"{one.service}: "
            + ("it serves again" if one.back else "it does not serve")
            + ("" if one.same else ", the process has ended")
            for one in found
        ),
        columns=("paused", "a write got meanwhile", "a write got 2xx after it", "same process"),
        rows=[
            (one.service, one.during, "yes" if one.back else "no", "yes" if one.same else "no")
            for one in found
        ],
        log="" if good else next(o.log for o in found if not (o.back and o.same)),
    )
