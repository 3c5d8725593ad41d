"""VIII. Concurrency: light requests are answered while heavy ones are computed."""

import json
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from factorlab.lab import App, Lab, Load, Request, busy
from factorlab.questions.contract import NAME
from factorlab.questions.deploys import deploy, fill, json_object, random_word
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.process_types import Started, start_others
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

LONG = 10**15
"""Rounds of a report that is still being computed whenever it is looked at: at a thousand million
rounds a second, which is compiled code, they take eleven days. No check waits for their end: it kills
who computes. Below 2**53, so that JSON carries the number in any language."""
SHORT = 200_000
LIGHT = 10
LIGHT_SECONDS = 10
"""How long each light request may take: on a free machine it takes some milliseconds."""
CROWD = 60
CROWD_SECONDS = 20
SMALL = 6
DONE_SECONDS = 60
WORKS_SECONDS = 60


@dataclass(frozen=True)
class Shop:
    """One web process and what else the contract starts from the image, each with one core."""

    web: App
    others: Sequence[Started]

    def computes(self) -> bool:
        """Wait until one of them computes; False when none does."""
        return busy(self.web, *(one.app for one in self.others), seconds=WORKS_SECONDS)

    def remove(self) -> None:
        for app in (self.web, *(one.app for one in self.others)):
            app.remove()

    def evidence(self) -> list[tuple[str, str]]:
        """What runs beside the web process, and how it fares."""
        return [(one.type, one.summary()) for one in self.others]


def _shop(lab: Lab, subject: Subject) -> Shop:
    """With stores of its own: what an earlier check has ordered is nobody's work any more."""
    config = fill(lab, subject, "reports")
    return Shop(deploy(lab, subject, config), start_others(lab, subject, config))


def agreed(seed: int, rounds: int) -> int:
    """What a report of this seed says after so many rounds (`report.py` in lesson and exercise)."""
    total = seed
    for _ in range(rounds):
        total = (total * total + 7) % 1_000_003
    return total


def _order(subject: Subject, name: str, seed: int, rounds: int) -> Request:
    request = subject.contract.request("order")
    body = {"seed": seed, "rounds": rounds}
    return replace(request, path=request.path.replace(NAME, name), json=body)


def _look(subject: Subject, name: str) -> Request:
    request = subject.contract.request("report")
    return replace(request, path=request.path.replace(NAME, name))


def _not_yet(load: Load) -> int:
    """Replies that say 404: answered, while the report was not done."""
    return load.count(404)


@question(
    "light-while-heavy",
    factor="VIII",
    text="Is everybody else answered while a report is computed?",
    how="One web process, and one of each other process type. A report is ordered that takes long. "
    f"When it is being computed, {LIGHT} requests ask at once whether it is done; each has "
    f"{LIGHT_SECONDS} s to be answered “not yet”, or more on a machine that is overloaded.",
    remedy="find out which thread computes. In `async def`, it is the one that answers everybody. "
    "Let another thread or process compute, or hand the work to a worker.",
)
def light_while_heavy(lab: Lab, subject: Subject) -> Finding:
    """The light requests ask for the report itself: “not yet” proves that it was under way."""
    return _light(lab, subject, 1, LIGHT_SECONDS)


@question(
    "light-in-a-crowd",
    factor="VIII",
    text=f"Is everybody else answered when {CROWD} reports are ordered at once?",
    how=f"One web process, and one of each other process type. {CROWD} long reports are ordered at "
    f"once. When they are being computed, {LIGHT} requests ask at once whether one of them is done; "
    f"each has {CROWD_SECONDS} s to be answered “not yet”.",
    remedy="let only a few reports be computed at a time, and let the others wait in a line that "
    "keeps no thread of the web process: it has 40 for all its `def` functions.",
)
def light_in_a_crowd(lab: Lab, subject: Subject) -> Finding:
    """More orders than the server has threads."""
    return _light(lab, subject, CROWD, CROWD_SECONDS)


def _light(lab: Lab, subject: Subject, orders: int, seconds: float) -> Finding:
    shop = _shop(lab, subject)
    seconds = lab.probe.stretched(seconds)
    names = [random_word("report") for _ in range(orders)]
    calls = [_order(subject, name, secrets.randbelow(10**6), LONG) for name in names]
    expected = f"{LIGHT} of {LIGHT} answered “not yet”"
    ordered = lab.begin(lambda: shop.web.load(calls, at_once=orders, seconds=seconds + 60))
    try:
        computes = shop.computes()
        light = shop.web.load([_look(subject, names[-1])] * LIGHT, at_once=LIGHT, seconds=seconds)
        others = shop.evidence()
    finally:
        shop.web.kill()  # ends the orders that wait for an answer
        with suppress(Exception):
            ordered.result()
        log = shop.web.logs(tail=8)
        shop.remove()
    seen = _not_yet(light)
    good = seen == LIGHT
    summary = ", ".join(f"{count} times {word}" for word, count in light.statuses().items())
    if not computes:
        return Finding(
            Outcome.FAILED,
            expected=f"the report is being computed, and {expected}",
            seen=f"nothing was computed within {WORKS_SECONDS} s of the order",
            rows=others,
            columns=("process type", "state"),
            log=log,
        )
    return Finding(
        judged(good),
        expected=expected,
        seen=f"{seen} of {LIGHT} answered “not yet”" + ("" if good else f"; {summary}"),
        columns=("process type", "state") if others else (),
        rows=others,
        log="" if good else log,
    )


@question(
    "every-report-is-done",
    factor="VIII",
    text="Is every report computed, and right?",
    how=f"{SMALL} short reports are ordered at once. Each is asked for until it is there, at most "
    f"{DONE_SECONDS} s, and its result is compared.",
    remedy="follow one report from its order to GET /reports/NAME: where does its result wait, and "
    "does the process that answers find it there? The log below says which error came up.",
)
def every_report_is_done(lab: Lab, subject: Subject) -> Finding:
    """Seeds are random, so no result can be in the code."""
    shop = _shop(lab, subject)
    wanted = {random_word("report"): secrets.randbelow(10**6) for _ in range(SMALL)}
    calls = [_order(subject, name, seed, SHORT) for name, seed in wanted.items()]
    ordered = shop.web.load(calls, at_once=SMALL, seconds=DONE_SECONDS)
    deadline = time.monotonic() + DONE_SECONDS
    words: dict[str, str] = dict.fromkeys(wanted, "not yet")
    while "not yet" in words.values() and time.monotonic() < deadline:
        open_ = [name for name, word in words.items() if word == "not yet"]
        for name, reply in zip(
            open_, shop.web.load([_look(subject, name) for name in open_]).replies, strict=True
        ):
            result = (json_object(reply.text) or {}).get("result")
            if reply.status == 200:
                words[name] = "right" if result == agreed(wanted[name], SHORT) else "wrong"
            elif reply.status != 404:
                words[name] = str(reply.status or reply.error)
        time.sleep(0.2)
    right = list(words.values()).count("right")
    taken = ordered.succeeded
    good = right == SMALL == taken
    log = "" if good else shop.web.logs(tail=8)
    others = shop.evidence()
    shop.remove()
    return Finding(
        judged(good),
        expected=f"{SMALL} of {SMALL} orders taken, {SMALL} of {SMALL} results right",
        seen=f"{taken} of {SMALL} orders taken, {right} of {SMALL} results right"
        + ("" if good else f" ({json.dumps(list(words.values()))[1:-1]})".replace('"', "")),
        columns=("process type", "state") if others else (),
        rows=others,
        log=log,
    )
