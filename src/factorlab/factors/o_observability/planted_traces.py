"""Planted telemetry: the spans of two services on one day, on which one thing went wrong for one
tenant, among what goes wrong on every day."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

SERVICES, KINDS = ("shop", "prices"), ("errors", "slow", "repeats")
TENANTS = ("acme", "birch", "cobalt", "dune", "ember", "fjord", "grove", "harbor")
LOUD, QUIET = 90, (12, 20)
"""Requests of the tenant that sends most, and of each of the others."""
DAY = datetime(2026, 3, 11, 14, 3, tzinfo=UTC)
SLOW_MS, CALLS = (300, 900), (12, 20)
"""What a slow span's own work takes at least and at most; how many calls are too many."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong in a service, and for whom."""

    service: str
    tenant: str
    kind: str

    def __str__(self) -> str:
        return f"{self.service} {self.tenant} {self.kind}"


@dataclass(frozen=True)
class Case:
    """One day: the lines of both services' logs, in no order, and what was planted."""

    fault: Fault
    lines: list[str] = field(repr=False)


@dataclass
class _Span:
    """One span and those below it; `ms` is its own work without theirs."""

    service: str
    name: str
    kind: str
    ms: float
    below: list["_Span"] = field(default_factory=list)
    error: bool = False
    raised: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> float:
        return self.ms + sum(span.whole for span in self.below)


def case(fault_service: str, kind: str, chance: random.Random) -> Case:
    """A day on which a tenant that is not the loudest has this trouble in most of its requests.
    Of each tenant's requests, fewer than one in five have trouble of any other kind."""
    loud, *quiet = chance.sample(TENANTS, 5)
    fault = Fault(fault_service, chance.choice(quiet), kind)
    lines: list[str] = []
    noisy = chance.choice(SERVICES)
    for tenant in (loud, *quiet):
        requests = LOUD if tenant == loud else chance.randint(*QUIET)
        hit = chance.sample(range(requests), round(0.7 * requests))
        for number in range(requests):
            planted = fault if tenant == fault.tenant and number in hit else None
            noise = None if planted else _noise(noisy, number, tenant, tenant == loud)
            lines += _written(_request(tenant, planted or noise, chance), chance)
    lines += [f'INFO:     10.0.0.{n}:4711 - "GET / HTTP/1.1" 200 OK' for n in range(2, 9)]
    chance.shuffle(lines)
    return Case(fault, lines)


def example() -> Case:
    """The same case each time, to look at."""
    return case("prices", "slow", random.Random(1403))


def _noise(service: str, number: int, tenant: str, loud: bool) -> Fault | None:
    """The trouble of every day. The loudest tenant has more errors in one service than a fault
    brings to any other."""
    if number % 6 == 0 and (loud or number == 0):
        return Fault(service, tenant, "errors")
    if number == 1 or (loud and number % 25 == 1):
        return Fault(service, tenant, "slow")
    return None


def _request(tenant: str, fault: Fault | None, chance: random.Random) -> _Span:
    """One order, from the shop's span down to the database."""

    def hit(service: str, kind: str) -> bool:
        return fault is not None and (fault.service, fault.kind) == (service, kind)

    def own(service: str, low: float, high: float) -> float:
        return chance.uniform(low, high) + hit(service, "slow") * chance.uniform(*SLOW_MS)

    top = _Span("shop", "POST /orders", "SERVER", own("shop", 2, 12))
    calls = chance.randint(*CALLS) if hit("shop", "repeats") else chance.randint(1, 3)
    failing = chance.randrange(calls)
    slow = chance.randrange(calls)
    for number in range(calls):
        called = _Span("prices", "GET /prices/{item}", "SERVER", chance.uniform(1, 5))
        if number == slow:
            called.ms = own("prices", 1, 5)
        queries = 1
        if number == failing and hit("prices", "repeats"):
            queries = chance.randint(*CALLS)
        called.below = [
            _Span("prices", "SELECT", "CLIENT", chance.uniform(1, 8)) for _ in range(queries)
        ]
        call = _Span("shop", "GET", "CLIENT", chance.uniform(0.5, 2), [called])
        if number == failing and hit("prices", "errors"):
            called.error, called.raised, call.error, top.error = True, "KeyError", True, True
        called.attributes = {"http.status_code": 500 if called.error else 200}
        call.attributes = {"http.status_code": 500 if called.error else 200}
        top.below.append(call)
    if hit("shop", "errors"):
        top.error, top.raised = True, "ValueError"
    status = 500 if top.raised else 502 if top.error else 200
    top.attributes = {"tenant": tenant, "http.status_code": status}
    return top


def _written(top: _Span, chance: random.Random) -> Iterator[str]:
    """The lines of a trace, in the form of the OpenTelemetry SDK. Calls are made in turn."""
    trace = f"0x{chance.getrandbits(128):032x}"
    begin = DAY + timedelta(milliseconds=chance.randrange(3_600_000))
    waiting = [(top, "", begin)]
    while waiting:
        span, parent, at = waiting.pop()
        id = f"0x{chance.getrandbits(64):016x}"
        yield json.dumps(_as_json(span, trace, id, parent, at))
        at += timedelta(milliseconds=span.ms / 2)
        for below in span.below:
            waiting.append((below, id, at))
            at += timedelta(milliseconds=below.whole)


def _as_json(span: _Span, trace: str, id: str, parent: str, at: datetime) -> dict[str, Any]:
    end = at + timedelta(milliseconds=span.whole)
    raised = {"exception.type": span.raised}
    event = {"name": "exception", "timestamp": _time(end), "attributes": raised}
    return {
        "name": span.name,
        "context": {"trace_id": trace, "span_id": id, "trace_state": "[]"},
        "kind": f"SpanKind.{span.kind}",
        "parent_id": parent or None,
        "start_time": _time(at),
        "end_time": _time(end),
        "status": {"status_code": "ERROR" if span.error else "UNSET"},
        "attributes": span.attributes,
        "events": [event] if span.raised else [],
        "links": [],
        "resource": {"attributes": {"service.name": span.service}, "schema_url": ""},
    }


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
