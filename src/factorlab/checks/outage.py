"""IV. Backing services, detached: what an app does while one of them accepts and never answers.

Redis is paused, requests are sent, Redis runs on. One experiment answers three questions. Its
limits are wide and a late answer is asked for again: a slow machine is told from a slow app.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from factorlab.checks.backing import visits
from factorlab.checks.base import Finding, Outcome, Subject, check, judged
from factorlab.checks.deploys import deploy, fill, json_object, random_word
from factorlab.checks.users import one_by_one, succeeds
from factorlab.lab import App, Call, Lab, Redis, Reply

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
    read = Call(subject.contract.read.method, subject.contract.read.path)
    asked = subject.contract.request("visit")
    visit = Call(asked.method, asked.path, asked.json)
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
        calm, [*busy[AT_ONCE:], *alone[1::2]], [*busy[:AT_ONCE], *alone[::2]], back, instead, tries,
        app.exit_code, app.logs(tail=8),
    )  # fmt: skip


def _comes_back(app: App, visit: Call, cache: Redis) -> tuple[float | None, str, int]:
    """Seconds until the first of some visits in a row whose number is the one in Redis, or None;
    the last answer that was not right; how many were not."""
    began, right, first, instead, tries = time.monotonic(), 0, 0.0, "none", 0
    while right < IN_A_ROW:
        sent = time.monotonic() - began
        if not right and sent > 2 * BACK_SECONDS:
            return None, instead, tries
        reply = one_by_one(app, [visit]).replies[0]
        number = visits(cache)
        if succeeds(reply) and _number(reply) == number:
            first, right = first if right else sent, right + 1
            continue
        right, tries, instead = 0, tries + 1, str(reply.status or reply.error)
        if succeeds(reply):
            instead += f" with {reply.text[:60]}, where Redis has {number}"
        time.sleep(0.1)
    return first, instead, tries


def _number(reply: Reply) -> object:
    return (json_object(reply.text) or {}).get("visits")


def _pages_right(one: Round) -> int:
    return sum(succeeds(reply) and one.in_time(reply, PAGE_SECONDS) for reply in one.pages)


def _refusals(one: Round) -> int:
    return sum(r.status == 503 and one.in_time(r, VISIT_SECONDS) for r in one.visits)


def _plainly_wrong(replies: Sequence[Reply], right: int) -> bool:
    """Whether one of them was answered otherwise, which is no question of time."""
    return any(reply.status not in (None, right) for reply in replies)


def _fine(one: Round) -> bool:
    whole = _pages_right(one) == len(one.pages) and _refusals(one) == len(one.visits)
    return whole and one.back is not None


def _found(
    rounds: Sequence[Round], good: Sequence[bool], sure: Sequence[bool], expected: str,
    seen: Sequence[str], replies: Sequence[Sequence[Reply]] = (),
) -> Finding:  # fmt: skip
    """Passed when one round was right; inconclusive when no round that was not is sure."""
    if any(good):
        return Finding(Outcome.PASSED, expected, seen[good.index(True)])
    if not any(sure):
        slow = max(one.calm_seconds for one in rounds)
        return Finding(
            Outcome.INCONCLUSIVE, expected,
            f"with nothing paused, the app already took up to {slow:.1f} s for an answer",
        )  # fmt: skip
    number = sure.index(True)
    one = rounds[number]
    ended = "" if one.ended is None else f"; the app ended, exit code {one.ended}"
    return Finding(
        judged(False), expected, seen[number] + ended,
        columns=("request", "answer", "within"),
        rows=[
            (f"{r.call.method} {r.call.path}", r.status or r.error, _within(r))
            for r in (replies[number] if replies else ())
        ],
        log=one.log,
    )  # fmt: skip


def _within(reply: Reply) -> str:
    """The time of an answer in steps, as nobody needs it finer."""
    steps = (0.5, 1, 2, WAIT_SECONDS)
    return next((f"{step:g} s" for step in steps if reply.seconds <= step), f"> {steps[-1]:g} s")


@check(
    "page-without-it-stays-quick",
    factor="IV",
    question="Does a page that needs no Redis stay quick while Redis does not answer?",
    how=f"{DRILL} A page counts when it is answered 2xx within {PAGE_SECONDS:g} s; up to twice "
    "that is let through.",
    remedy="give Redis a time-out well below the limit, for connecting and for each answer, and "
    "wait for it where nothing else waits: in a function without `async`, or with redis.asyncio.",
)
def page_without_it_stays_quick(lab: Lab, subject: Subject) -> Finding:
    """The visits come first: a thread or a loop that they hold is missing to the pages."""
    rounds = subject.once(_rounds, lab)
    return _found(
        rounds, [_pages_right(one) == EACH for one in rounds],
        [one.sure(_plainly_wrong(one.pages, 200)) for one in rounds],
        f"{EACH} of {EACH} pages in time",
        [f"{_pages_right(one)} of {EACH} pages in time" for one in rounds],
        [one.pages for one in rounds],
    )  # fmt: skip


@check(
    "outage-answered-503",
    factor="IV",
    question="Does what needs Redis say so, and soon, while Redis does not answer?",
    how=f"{DRILL} A visit counts when it is answered 503 within {VISIT_SECONDS:g} s; up to twice "
    "that is let through.",
    remedy="set both time-outs of the client, socket_connect_timeout and socket_timeout, and say "
    "how often it tries again: its default is several times. Answer its errors with 503, not with "
    "a number that Redis has not given.",
)
def outage_answered_503(lab: Lab, subject: Subject) -> Finding:
    """200 is as wrong as silence: no visit can have been counted."""
    rounds = subject.once(_rounds, lab)

    def told(one: Round) -> str:
        text = f"{_refusals(one)} of {EACH} visits answered 503 in time"
        others = [r for r in one.visits if r.status not in (503, None)]
        return text + (f"; {len(others)} answered {others[0].status}" if others else "")

    return _found(
        rounds, [_refusals(one) == EACH for one in rounds],
        [
            one.sure(_plainly_wrong(one.visits, 503), _pages_right(one) == EACH)
            for one in rounds
        ],
        f"{EACH} of {EACH} visits answered 503 in time", [told(one) for one in rounds],
        [one.visits for one in rounds],
    )  # fmt: skip


@check(
    "recovers-after-outage",
    factor="IV",
    question="Is everything as before when Redis answers again?",
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
        rounds, [one.back is not None for one in rounds], [one.sure(one.tries > 4) for one in rounds],
        f"{IN_A_ROW} right answers in a row, in time",
        [
            f"{IN_A_ROW} right answers in a row, in time"
            if one.back is not None
            else f"not in time; the last other answer: {one.instead}"
            for one in rounds
        ],
    )  # fmt: skip
