"""XI. Logs, the platform's side: the streams of many replicas become one, and numbers."""

import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from factorlab.errors import NoAnswer
from factorlab.factors.xi_logs.planted_events import (
    Batch,
    Event,
    arrivals,
    batches,
    errors_per_second,
    events_of,
    in_order,
    p95_range,
    plant,
)
from factorlab.lab import App, Lab
from factorlab.questions.deploys import deploy, fill, json_object
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

EACH, SIZE = 80, 20
EVENTS = 3 * EACH
KEYS = ("requests", "errors_per_second", "p95_ms", "events")


@dataclass(frozen=True)
class Moment:
    """What had arrived at one moment, and the report at that moment."""

    name: str
    events: Sequence[Event]
    report: dict[str, Any]


@dataclass(frozen=True)
class Collected:
    """What a collector was given and reported, in the middle and at the end; how many of its
    batches it answered 2xx, and its last lines."""

    moments: Sequence[Moment]
    taken: int
    sent: int
    log: str

    def more(self) -> str:
        """What else there is to say, when batches were not taken."""
        if self.taken == self.sent:
            return ""
        return f"; {self.taken} of {self.sent} batches were answered 2xx"


def _give(app: App, subject: Subject, given: Sequence[tuple[str, list[str]]]) -> int:
    """Hand these lines on, batch by batch; how many batches were answered 2xx."""
    request, taken = subject.contract.request("lines"), 0
    for replica, lines in given:
        body = {"replica": replica, "lines": lines}
        try:
            taken += app.send(replace(request, json=body)).is_success
        except NoAnswer:  # it ended, or it hangs: the report will show what is missing
            continue
    return taken


def _report(app: App, subject: Subject) -> dict[str, Any]:
    """The report as it is now; empty when there is none."""
    request = subject.contract.request("report")
    try:
        return json_object(app.send(request).text) or {}
    except NoAnswer:
        return {}


def _whole(of: Sequence[Batch]) -> list[tuple[str, list[str]]]:
    return [(batch.replica, batch.lines) for batch in of]


def _collected(lab: Lab, subject: Subject) -> Collected:
    """Whole events of three replicas, batch by batch, late ones among them. Run once for an answer:
    three questions are asked of it."""
    app, chance = deploy(lab, subject, fill(lab, subject, "collector")), random.Random()
    arriving = arrivals(EACH, SIZE, chance)
    half, moments, taken = len(arriving) // 2, [], 0
    for name, start, end in (("half of them", 0, half), ("all", half, len(arriving))):
        taken += _give(app, subject, _whole(arriving[start:end]))
        events = events_of(arriving[:end])
        moments.append(Moment(name, events, _report(app, subject)))
    log = app.logs(tail=8)
    collected = Collected(moments, taken, len(arriving), log)
    app.remove()
    return collected


_ARRIVAL = (
    f"{EVENTS} events of 3 replicas arrive in {EVENTS // SIZE} batches, late ones among them: the "
    "first event of all is in the last batch. The report is read when half of the batches have "
    "arrived, and at the end. "
)


@question(
    "streams-are-merged-by-time",
    factor="XI",
    text="Are the events of all replicas one stream in the order of time?",
    how=_ARRIVAL + "Its list requests is compared with the ids in the order of the events' time, "
    "place by place.",
    remedy="sort by the time in the event (sorted(…, key=…), heapq.merge), when the report is "
    "asked for: a line that arrives later may have been written earlier.",
)
def streams_are_merged_by_time(lab: Lab, subject: Subject) -> Finding:
    """Twice, so that a report which is made once and kept is noticed."""
    collected, rows = subject.once(_collected, lab), []
    for moment in collected.moments:
        given, wanted = moment.report.get("requests"), in_order(moment.events)
        ids = given if isinstance(given, list) else []
        placed = sum(a == b for a, b in zip(ids, wanted, strict=False))
        rows.append((moment.name, len(wanted), len(ids), placed))
    good = all(row[1] == row[2] == row[3] for row in rows)
    return Finding(
        judged(good),
        expected="; ".join(f"{of} of {of} ids at their place" for _, of, _, _ in rows),
        seen="; ".join(f"{placed} of {of} ids at their place" for _, of, _, placed in rows)
        + collected.more(),
        columns=("when these have arrived", "events", "ids in the list", "at their place"),
        rows=rows,
        log="" if good else collected.log,
    )


@question(
    "errors-are-counted-per-second",
    factor="XI",
    text="Are errors counted in the second in which they happened?",
    how=_ARRIVAL + "Its errors_per_second is compared with the errors in each second of the "
    "events' time; seconds with 0 may be there or not.",
    remedy='take the second from the event: int(event["time"]). The clock of the collector says '
    "when a line arrived.",
)
def errors_are_counted_per_second(lab: Lab, subject: Subject) -> Finding:
    """Second by second: a sum can be right by luck."""
    collected, rows, good = subject.once(_collected, lab), [], True
    for moment in collected.moments:
        given, wanted = moment.report.get("errors_per_second"), errors_per_second(moment.events)
        found = given if isinstance(given, dict) else {}
        found = {second: count for second, count in found.items() if count}
        right = sum(found.get(second) == count for second, count in wanted.items())
        good = good and found == wanted
        rows.append((moment.name, len(wanted), right, len(found.keys() - wanted.keys())))
    return Finding(
        judged(good),
        expected="; ".join(f"{of} of {of} seconds right, 0 others" for _, of, *_ in rows),
        seen="; ".join(f"{n} of {of} seconds right, {x} others" for _, of, n, x in rows)
        + collected.more(),
        columns=("when these have arrived", "seconds with errors", "right", "others"),
        rows=rows,
        log="" if good else collected.log,
    )


@question(
    "p95-is-of-all-events",
    factor="XI",
    text="Is the 95th percentile that of all events?",
    how=_ARRIVAL + "One replica is much slower than the others. Its p95_ms must lie between the "
    "neighbors of the value at place ⌈0.95 · n⌉ of all n durations in order.",
    remedy="keep all durations and sort them together: percentiles of parts cannot be added or "
    "averaged.",
)
def p95_is_of_all_events(lab: Lab, subject: Subject) -> Finding:
    """The neighbors are allowed, since methods differ in where between two values they stop."""
    collected, rows, good = subject.once(_collected, lab), [], True
    for moment in collected.moments:
        low, exact, high = p95_range(moment.events)
        given = _number(moment.report.get("p95_ms"))
        good = good and given is not None and low <= given <= high
        shown = "no number" if given is None else round(given, 1)
        rows.append((moment.name, exact, f"{low} to {high}", shown))
    return Finding(
        judged(good),
        expected="; ".join(f"{exact} ms ({span} is right too)" for _, exact, span, _ in rows),
        seen="; ".join(f"{given} ms" if given != "no number" else "no number" for *_, given in rows)
        + collected.more(),
        columns=("when these have arrived", "p95 in ms", "taken for right", "reported"),
        rows=rows,
        log="" if good else collected.log,
    )


def _number(value: Any) -> float | None:
    """A number of JSON, or None for all else; true and false are none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _broken(chance: random.Random) -> list[str]:
    """Lines that are no events, as a log has them."""
    word, whole = secrets.token_hex(4), plant(1, chance)[0].line
    return [
        f'INFO:     10.0.0.{chance.randrange(2, 250)}:51234 - "POST /orders HTTP/1.1" 200 OK',
        "Traceback (most recent call last):",
        '  File "/app/app.py", line 30, in order',
        f"ValueError: {word}",
        whole[: len(whole) // 2],
        f"[{whole}]",
        str(chance.randrange(1000)),
        "null",
        json.dumps({"level": "error", "message": word}),
        "",
    ]


@question(
    "broken-lines-are-counted",
    factor="XI",
    text="Are lines that are no events counted, and stop nothing?",
    how="Events arrive with other lines between them: of the server, of a traceback, half an "
    "object, JSON that is no object, an object without a time, an empty line. All batches must be "
    "answered 2xx, and events and broken of the report must be right.",
    remedy="catch ValueError around json.loads, then ask whether it is a dict and holds all names; "
    "count the line as broken if not, and go on with the next.",
)
def broken_lines_are_counted(lab: Lab, subject: Subject) -> Finding:
    """Counts only: what is made of the events is asked elsewhere."""
    app, chance = deploy(lab, subject, fill(lab, subject, "collector")), random.Random()
    events = plant(SIZE, chance)
    given, broken = _whole(batches(events, SIZE, chance)), 0
    for _, lines in given:
        for line in _broken(chance):
            lines.insert(chance.randrange(len(lines) + 1), line)
            broken += 1
    taken, report = _give(app, subject, given), _report(app, subject)
    got = report.get("events", "none"), report.get("broken", "none")
    good = (taken, *got) == (len(given), len(events), broken)
    log = app.logs(tail=8)
    app.remove()
    return Finding(
        judged(good),
        expected=f"{len(given)} of {len(given)} batches answered 2xx; events {len(events)}, "
        f"broken {broken}",
        seen=f"{taken} of {len(given)} batches answered 2xx; events {got[0]}, broken {got[1]}",
        log="" if good else log,
    )


@question(
    "twice-is-once",
    factor="XI",
    text="Does a line that arrives twice count once?",
    how=f"{3 * SIZE} events arrive, and the report is read. Then some of the batches arrive again, "
    "twice more, and it is read again: it must be the same, with as many events as were sent.",
    remedy="keep the events in a dictionary by their request_id: what comes again falls on itself.",
)
def twice_is_once(lab: Lab, subject: Subject) -> Finding:
    """Compared with itself, so that another mistake is not counted here too."""
    app, chance = deploy(lab, subject, fill(lab, subject, "collector")), random.Random()
    given = _whole(batches(plant(SIZE, chance), SIZE // 2, chance))
    taken, before = _give(app, subject, given), _report(app, subject)
    again = [one for one in given if one[0] != "shop-3"]
    taken += _give(app, subject, again * 2)
    after = _report(app, subject)
    changed = [key for key in KEYS if before.get(key) != after.get(key)]
    sent, of = len(given) + 2 * len(again), 3 * SIZE
    counts = before.get("events", "none"), after.get("events", "none")
    good = not changed and counts == (of, of) and taken == sent
    log = app.logs(tail=8)
    app.remove()
    return Finding(
        judged(good),
        expected=f"{of} events, then {of} events; changed: nothing",
        seen=f"{counts[0]} events, then {counts[1]} events; changed: "
        + (", ".join(changed) or "nothing")
        + ("" if taken == sent else f"; {taken} of {sent} batches were answered 2xx"),
        log="" if good else log,
    )
