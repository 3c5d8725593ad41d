"""IV. Backing services, detached: what an app does while one of them accepts and never answers.

Redis is paused, requests are sent, Redis runs on. One experiment answers three questions. Its
limits are wide and a late answer is asked for again: a slow machine is told from a slow app.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Redis, Reply, Request
from factorlab.lab.services import KINDS, Service
from factorlab.questions.deploys import deploy, fill, json_object, random_word
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.needs import LIVE, SERVICE, WRITE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.questions.users import one_by_one
from factorlab.waiting import until

PAGE_SECONDS, VISIT_SECONDS, BACK_SECONDS = 0.5, 1.0, 2.0
"""What the exercise asks for; the checks allow twice as much, and what the machine takes anyhow."""
PAUSED_SECONDS = 5.0
AT_ONCE, ALONE, IN_A_ROW = 8, 3, 3
EACH = AT_ONCE + ALONE
WAIT_SECONDS = 4.0
"""How long a request during the pause is waited for."""
ROUNDS = 2

DRILL = (
    f"Redis is paused for {PAUSED_SECONDS:.0f} s: it accepts and never answers. At the same moment "
    f"the app gets {AT_ONCE} visits and {AT_ONCE} requests for the page that needs no Redis; then "
    f"{ALONE} more of each, one after the other."
)


@dataclass(frozen=True)
class Round:
    """One outage: the same load before it, what came during it, and after it how many seconds
    passed until visits were answered right (None: not in time) and what came instead."""

    calm: Sequence[Reply]
    pages: Sequence[Reply]
    visits: Sequence[Reply]
    back: float | None
    instead: str
    tries: int
    ended: int | None
    log: str

    @property
    def calm_seconds(self) -> float:
        """The slowest answer while nothing was paused."""
        return max(reply.seconds for reply in self.calm)

    def in_time(self, reply: Reply, limit: float) -> bool:
        """Whether it came within twice the limit, besides what the machine takes anyhow."""
        return reply.seconds <= 2 * limit + self.calm_seconds

    def sure(self, *plain: bool) -> bool:
        """Whether what was wrong says something about the app: it ended, or something `plain` was
        seen, which no slow machine does; or the machine was quick before."""
        return self.ended is not None or any(plain) or self.calm_seconds <= PAGE_SECONDS


def _rounds(lab: Lab, subject: Subject) -> list[Round]:
    """The experiment: done again after a round that was not all right; kept for all questions."""
    cache = lab.service(Redis, random_word("cache"))
    config = fill(lab, subject, "outage", urls={"redis": cache.url})
    rounds: list[Round] = []
    while len(rounds) < ROUNDS and (not rounds or not _fine(rounds[-1])):
        app = deploy(lab, subject, config)
        rounds.append(_round(app, subject, cache))
        app.remove()
    return rounds


def _round(app: App, subject: Subject, cache: Redis) -> Round:
    read, visit = subject.contract.read, subject.contract.request("visit")
    both = [visit] * AT_ONCE + [read] * AT_ONCE
    app.load(both, at_once=len(both))  # the first requests of a process are slow
    calm = app.load(both, at_once=len(both)).replies
    began = time.monotonic()
    cache.pause()
    try:
        busy = app.load(both, at_once=len(both), seconds=WAIT_SECONDS).replies
        alone = app.load([visit, read] * ALONE, at_once=1, seconds=WAIT_SECONDS).replies
        time.sleep(max(0, began + PAUSED_SECONDS - time.monotonic()))
    finally:
        cache.unpause()
    back, instead, tries = _comes_back(app, visit, cache)
    return Round(
        calm,
        [*busy[AT_ONCE:], *alone[1::2]],
        [*busy[:AT_ONCE], *alone[::2]],
        back,
        instead,
        tries,
        app.exit_code,
        app.logs(tail=8),
    )


def _comes_back(app: App, visit: Request, cache: Redis) -> tuple[float | None, str, int]:
    """Seconds until the first of some visits in a row whose number is the one in Redis, or None;
    the last answer that was not right; how many were not."""
    began, right, first, instead, tries = time.monotonic(), 0, 0.0, "none", 0
    while right < IN_A_ROW:
        sent = time.monotonic() - began
        if not right and sent > 2 * BACK_SECONDS:
            return None, instead, tries
        reply = one_by_one(app, [visit]).replies[0]
        number = cache.count()
        if reply.ok and _number(reply) == number:
            first, right = first if right else sent, right + 1
            continue
        right, tries, instead = 0, tries + 1, str(reply.status or reply.error)
        if reply.ok:
            instead += f" with {reply.text[:60]}, where Redis has {number}"
        time.sleep(0.1)
    return first, instead, tries


def _number(reply: Reply) -> object:
    return (json_object(reply.text) or {}).get("visits")


def _pages_right(one: Round) -> int:
    return sum(reply.ok and one.in_time(reply, PAGE_SECONDS) for reply in one.pages)


def _refusals(one: Round) -> int:
    return sum(r.status == 503 and one.in_time(r, VISIT_SECONDS) for r in one.visits)


def _plainly_wrong(replies: Sequence[Reply], right: int) -> bool:
    """Whether one of them was answered otherwise, which is no question of time."""
    return any(reply.status not in (None, right) for reply in replies)


def _fine(one: Round) -> bool:
    whole = _pages_right(one) == len(one.pages) and _refusals(one) == len(one.visits)
    return whole and one.back is not None


def _found(
    rounds: Sequence[Round],
    good: Sequence[bool],
    sure: Sequence[bool],
    expected: str,
    seen: Sequence[str],
    replies: Sequence[Sequence[Reply]] = (),
) -> Finding:
    """Passed when one round was right; inconclusive when no round that was not is sure."""
    if any(good):
        return Finding(Outcome.PASSED, expected, seen[good.index(True)])
    if not any(sure):
        slow = max(one.calm_seconds for one in rounds)
        return Finding(
            Outcome.INCONCLUSIVE,
            expected,
            f"with nothing paused, the app already took up to {slow:.1f} s for an answer",
        )
    number = sure.index(True)
    one = rounds[number]
    ended = "" if one.ended is None else f"; the app ended, exit code {one.ended}"
    return Finding(
        judged(False),
        expected,
        seen[number] + ended,
        columns=("request", "answer", "within"),
        rows=[
            (f"{r.request.method} {r.request.path}", r.status or r.error, _within(r))
            for r in (replies[number] if replies else ())
        ],
        log=one.log,
    )


def _within(reply: Reply) -> str:
    """The time of an answer in steps, as nobody needs it finer."""
    steps = (0.5, 1, 2, WAIT_SECONDS)
    return next((f"{step:g} s" for step in steps if reply.seconds <= step), f"> {steps[-1]:g} s")


@question(
    "page-without-it-stays-quick",
    factor="IV",
    text="Does a page that needs no Redis stay quick while Redis does not answer?",
    how=f"{DRILL} A page counts when it is answered 2xx within {PAGE_SECONDS:g} s; up to twice "
    "that is let through.",
    remedy="give Redis a time-out well below the limit, for connecting and for each answer, and "
    "wait for it where nothing else waits: in a function without `async`, or with redis.asyncio.",
)
def page_without_it_stays_quick(lab: Lab, subject: Subject) -> Finding:
    """The visits come first: a thread or a loop that they hold is missing to the pages."""
    rounds = subject.once(_rounds, lab)
    return _found(
        rounds,
        [_pages_right(one) == EACH for one in rounds],
        [one.sure(_plainly_wrong(one.pages, 200)) for one in rounds],
        f"{EACH} of {EACH} pages in time",
        [f"{_pages_right(one)} of {EACH} pages in time" for one in rounds],
        [one.pages for one in rounds],
    )


@question(
    "outage-answered-503",
    factor="IV",
    text="Does what needs Redis say so, and soon, while Redis does not answer?",
    how=f"{DRILL} A visit counts when it is answered 503 within {VISIT_SECONDS:g} s; up to twice "
    "that is let through.",
    remedy="set both time-outs of the client, socket_connect_timeout and socket_timeout, and say "
    "how often it tries again: its default is several times. Answer its errors with 503, not with "
    "a number that Redis has not given.",
)
def outage_answered_503(lab: Lab, subject: Subject) -> Finding:
    """200 is as wrong as silence: no visit can have been counted."""
    rounds = subject.once(_rounds, lab)

    def summary(one: Round) -> str:
        text = f"{_refusals(one)} of {EACH} visits answered 503 in time"
        others = [r for r in one.visits if r.status not in (503, None)]
        return text + (f"; {len(others)} answered {others[0].status}" if others else "")

    return _found(
        rounds,
        [_refusals(one) == EACH for one in rounds],
        [one.sure(_plainly_wrong(one.visits, 503), _pages_right(one) == EACH) for one in rounds],
        f"{EACH} of {EACH} visits answered 503 in time",
        [summary(one) for one in rounds],
        [one.visits for one in rounds],
    )


@question(
    "recovers-after-outage",
    factor="IV",
    text="Is everything as before when Redis answers again?",
    how=f"{DRILL} Then Redis runs on. Visits are sent one after the other, until {IN_A_ROW} in a row "
    f"are answered 2xx with the number that is in Redis. The first of them must be sent within "
    f"{BACK_SECONDS:g} s; up to twice that is let through. Nobody restarts the app.",
    remedy="let an error end the request and not the app, drop a connection that has failed, and "
    "try Redis again within a second or two.",
)
def recovers_after_outage(lab: Lab, subject: Subject) -> Finding:
    """A late answer that is taken for the next one's gives a number that is not in Redis."""
    rounds = subject.once(_rounds, lab)
    return _found(
        rounds,
        [one.back is not None for one in rounds],
        [one.sure(one.tries > 4) for one in rounds],
        f"{IN_A_ROW} right answers in a row, in time",
        [
            f"{IN_A_ROW} right answers in a row, in time"
            if one.back is not None
            else f"not in time; the last other answer: {one.instead}"
            for one in rounds
        ],
    )


ASKED = 3
ANSWER_SECONDS = 3
BACK_SECONDS = 30
HELD_SECONDS = 15
IN_TURN = "Each backing service is paused in turn: it accepts connections and never answers."


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
    services: dict[str, Service] = {
        kind: lab.service(KINDS[kind], random_word("paused"), schema=contract.schema)
        for kind in KINDS
        if kind in contract.services()
    }
    urls = {kind: service.url for kind, service in services.items()}
    app = deploy(lab, subject, fill(lab, subject, "paused", urls=urls))
    found = [_pause(lab, subject, app, *item) for item in services.items()]
    app.remove()
    return found


def _pause(lab: Lab, subject: Subject, app: App, kind: str, service: Service) -> Pause:
    contract = subject.contract
    write = contract.write
    live = contract.others.get("live")
    began = app.state.started_at
    app.load([write])  # what is made at the first request is made now
    service.pause()
    try:
        busy = contract.at_once > 1
        held = lab.begin(lambda: app.load([write], seconds=HELD_SECONDS)) if busy else None
        calls = [live] * ASKED if live else []
        answered = app.load(calls, at_once=1, seconds=ANSWER_SECONDS).replies if calls else ()
        during = "not sent"
        if held:
            reply = held.result().replies[0]
            during = str(reply.status or reply.error)
    finally:
        service.unpause()
    return Pause(
        kind,
        sum(reply.ok for reply in answered),
        during,
        _back(lab, app, write),
        app.exit_code is None and app.state.started_at == began,
        app.logs(tail=8),
    )


def _back(lab: Lab, app: App, write: Request) -> bool:
    def fate() -> str:
        try:
            return "back" if app.send(write, seconds=5).is_success else ""
        except NoAnswer:
            return "ended" if app.exit_code is not None else ""

    return until(fate, BACK_SECONDS, every=0.2, longer=lab.probe.patient) == "back"


@question(
    "live-bears-an-outage",
    factor="H",
    group="outage",
    needs=(
        SERVICE,
        LIVE,
        WRITE,
    ),
    text="Does the liveness page answer while a backing service does not?",
    how=f"{IN_TURN} One write is under way, and the request `live` is sent {ASKED} times, each with "
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


@question(
    "serves-again-after-an-outage",
    factor="IV",
    group="outage",
    needs=(
        SERVICE,
        WRITE,
    ),
    text="Does it serve again when a backing service is back, without a restart?",
    how=f"{IN_TURN} Then it runs on, and a write is sent until it is answered 2xx, for {BACK_SECONDS} s. "
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
