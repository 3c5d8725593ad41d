"""O. Observability: one request is one trace, through all services that it passes."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.contract import Request
from factorlab.checks.deploys import answers, deploy, fill, random_word
from factorlab.checks.spans import Span, by_trace, is_followed, read
from factorlab.lab import App, Call, Lab, Load

ORDERS = 20
CALLER, CALLED = "shop", "prices"
AT_ONCE = 4


@dataclass(frozen=True)
class Told:
    """What the two services wrote about a load, once both have ended, and the end of their logs."""

    load: Load
    spans: list[Span]
    log: str

    @property
    def traces(self) -> dict[str, list[Span]]:
        return by_trace(self.spans)

    def answered(self, *expected: int) -> str:
        """A remark where a request was answered otherwise than it must be, or empty."""
        other = Counter(
            reply.status or reply.error
            for reply, status in zip(self.load.replies, expected, strict=True)
            if reply.status != status
        )
        return "".join(f"; {n} orders got {what}" for what, n in other.items())


def _call(request: Request, headers: dict[str, str] | None = None) -> Call:
    return Call(request.method, request.path, request.json, headers or {})


def observe(lab: Lab, subject: Subject, calls: Sequence[Call]) -> Told:
    """Start the image twice, as the shop and as the service that it asks, send it these calls, and
    stop both, so that all that they have to tell is told. Raises NotStarted."""
    config = fill(lab, subject, "traced")
    [variable] = subject.contract.of_kind("app")
    called = lab.deploy(
        subject.image, random_word(CALLED), env={variable.name: config.env[variable.name]},
        command=subject.contract.processes[CALLED], wait=False, port=subject.contract.port,
    )  # fmt: skip
    if not answers(lab, subject, called):
        raise called.not_started()
    told = replace(config, env=config.env | {variable.name: called.url})
    caller = deploy(lab, subject, told)
    load = caller.load(calls, at_once=AT_ONCE, seconds=60)
    apps: dict[str, App] = {CALLER: caller, CALLED: called}
    for app in apps.values():
        app.stop(30)
    spans = [s for name, app in apps.items() for s in read(name, app.logs(stderr=False))]
    log = "\n".join(f"{name}: {app.logs(tail=4)}" for name, app in apps.items())
    for app in apps.values():
        app.remove()
    return Told(load, spans, log)


def _followed(traces: dict[str, list[Span]]) -> int:
    return sum(is_followed(trace, CALLER, CALLED) for trace in traces.values())


@check(
    "one-trace-per-request",
    factor="O",
    question="Is one request one trace, through both services?",
    how=f"{ORDERS} orders go to the shop, which asks prices for each; then both get SIGTERM. The "
    "spans on their standard outputs are put together by trace_id. A trace goes through when a "
    "span of prices has a span of the shop among its parents.",
    remedy="the request that the shop sends must carry the header traceparent, with the trace_id "
    "and the span_id of the shop's span; instrumentation of the HTTP client puts it there, if the "
    "call is made where that span is the current one.",
)
def one_trace_per_request(lab: Lab, subject: Subject) -> Finding:
    """Counted after an orderly end, so that a batch spoils no other question."""
    told = observe(lab, subject, [_call(subject.contract.write)] * ORDERS)
    traces, services = told.traces, Counter(span.service for span in told.spans)
    through = _followed(traces)
    return Finding(
        judged(len(traces) == through == ORDERS),
        expected=f"{ORDERS} traces, {ORDERS} go through both services",
        seen=f"{len(traces)} traces, {through} go through both services"
        + told.answered(*[200] * ORDERS),
        columns=("service", "spans"),
        rows=[(name, services[name]) for name in (CALLER, CALLED)],
        log=told.log,
    )


FAILING_THERE, FAILING_HERE = 4, 3


@check(
    "error-in-its-service",
    factor="O",
    question="Does the trace say in which service an order failed?",
    how=f"{ORDERS} orders: {FAILING_THERE} for an item whose price cannot be found, {FAILING_HERE} "
    "for 0 pieces, on which the shop itself fails. For each trace, the services are noted whose "
    "spans have the status ERROR and an event exception.",
    remedy="let the exception out of the function where it happens, so that the span of that "
    "service records it; the shop answers 502 for an error of prices, and raises nothing of its "
    "own for it.",
)
def error_in_its_service(lab: Lab, subject: Subject) -> Finding:
    """By services and not by requests: no answer has to tell which trace is whose."""
    contract = subject.contract
    kinds = {
        "none": (contract.write, 200, ORDERS - FAILING_THERE - FAILING_HERE),
        CALLED: (contract.request("unpriced"), 502, FAILING_THERE),
        CALLER: (contract.request("broken"), 500, FAILING_HERE),
    }
    chosen = [(_call(request), status) for request, status, n in kinds.values() for _ in range(n)]
    secrets.SystemRandom().shuffle(chosen)
    told = observe(lab, subject, [call for call, _ in chosen])
    found = Counter(_guilty(trace) for trace in told.traces.values())
    wanted = {name: n for name, (_, _, n) in kinds.items()}
    other = sum(n for name, n in found.items() if name not in wanted)
    remark = told.answered(*(status for _, status in chosen))
    return Finding(
        judged(dict(found) == wanted and not remark),
        expected=_noted(wanted, 0),
        seen=_noted(found, other) + remark,
        columns=("services with an exception", "traces"),
        rows=sorted(found.items()),
        log=told.log,
    )


def _guilty(trace: list[Span]) -> str:
    return " and ".join(sorted({s.service for s in trace if s.error and s.raised})) or "none"


def _noted(found: Counter[str] | dict[str, int], other: int) -> str:
    return (
        f"traces with an exception in prices alone: {found.get(CALLED, 0)}, in the shop alone: "
        f"{found.get(CALLER, 0)}, in none: {found.get('none', 0)}, otherwise: {other}"
    )


FROM_OUTSIDE = 6


@check(
    "callers-trace-goes-on",
    factor="O",
    question="Does a request that is part of a trace stay in it?",
    how=f"{FROM_OUTSIDE} orders, each with a header traceparent whose trace_id and span_id are "
    "random, as a router or another app sends it. The spans of both services are looked for in "
    "these traces, below that span.",
    remedy="take trace_id and parent from the request's header traceparent where there is one: "
    "instrumentation of the server does, opentelemetry.propagate.extract(headers) does by hand.",
)
def callers_trace_goes_on(lab: Lab, subject: Subject) -> Finding:
    """The form of the header is the W3C's: version, trace, parent, flags."""
    callers = {secrets.token_hex(16): secrets.token_hex(8) for _ in range(FROM_OUTSIDE)}
    calls = [
        _call(subject.contract.write, {"traceparent": f"00-{trace}-{span}-01"})
        for trace, span in callers.items()
    ]
    told = observe(lab, subject, calls)
    traces = told.traces
    begun = sum(
        any(s.service == CALLER and s.parent == span for s in traces.get(trace, []))
        for trace, span in callers.items()
    )
    through = _followed({trace: traces.get(trace, []) for trace in callers})
    return Finding(
        judged(begun == through == FROM_OUTSIDE),
        expected=f"the shop is in {FROM_OUTSIDE} of {FROM_OUTSIDE} of the callers' traces, prices "
        f"in {FROM_OUTSIDE}",
        seen=f"the shop is in {begun} of {FROM_OUTSIDE} of the callers' traces, prices in {through}"
        + told.answered(*[200] * FROM_OUTSIDE),
        log=told.log,
    )
