"""O. Observability: one request is one trace, through all services that it passes."""

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from factorlab.engine.images.course_images import IMAGES
from factorlab.factors.o_observability.otel_spans import Span, by_trace, is_followed, read
from factorlab.lab import App, Lab, Reply, Request
from factorlab.questions.deploys import answers, deploy, fill, json_object, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import OTHER_APP, THROUGH
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

CALLER, CALLED = "shop", "prices"
ORDERS, FROM_OUTSIDE = 20, 6
FAILING_THERE, FAILING_HERE = 4, 3
AT_ONCE = 4
LINE = 240


@dataclass(frozen=True)
class Sent:
    """One order: its call, the status that it must get, and the trace and span of its caller where
    it was part of a trace already."""

    request: Request
    status: int
    trace: str = ""
    span: str = ""


@dataclass(frozen=True)
class Telemetry:
    """What the two services wrote about the orders, once both have ended, by trace; what became of
    each order; the end of their logs."""

    sent: list[Sent]
    replies: list[Reply]
    spans: list[Span]
    log: str

    @property
    def traces(self) -> dict[str, list[Span]]:
        return by_trace(self.spans)

    def remark(self) -> str:
        """Where orders were answered otherwise than they must be; or empty."""
        other = Counter(
            str(reply.status or reply.error)
            for reply, sent in zip(self.replies, self.sent, strict=True)
            if reply.status != sent.status
        )
        return "".join(f"; {n} orders got {what}" for what, n in sorted(other.items()))


def _orders(subject: Subject) -> list[Sent]:
    """The orders in random order. Where the contract has none that fail, all are good."""
    contract = subject.contract

    found = []
    for name, status, n in (("unpriced", 502, FAILING_THERE), ("broken", 500, FAILING_HERE)):
        if name in contract.others:
            found += [Sent(contract.request(name), status)] * n
    for _ in range(FROM_OUTSIDE):
        good, trace, span = Sent(contract.write, 200), secrets.token_hex(16), secrets.token_hex(8)
        header = {"traceparent": f"00-{trace}-{span}-01"}
        found.append(Sent(replace(good.request, headers=header), 200, trace, span))
    found += [Sent(contract.write, 200)] * (ORDERS - len(found))
    secrets.SystemRandom().shuffle(found)
    return found


def observe(lab: Lab, subject: Subject) -> Telemetry:
    """Start the image twice, as the shop and as the service that it asks, send it orders, and stop
    both, so that all that they have to tell is told. Done once for an answer: all questions are
    asked of it. Raises NotStarted."""
    config = fill(lab, subject, "traced")
    [variable] = subject.contract.of_kind("app")
    called = lab.deploy(
        subject.image,
        random_word(CALLED),
        env=config.env,
        wait=False,
        command=subject.contract.processes[CALLED],
        port=subject.contract.port,
    )
    telemetry = replace(config, env=config.env | {variable.name: called.url})
    caller, up = lab.together(
        partial(deploy, lab, subject, telemetry), partial(answers, lab, subject, called)
    )
    assert isinstance(caller, App)
    if not up:
        raise called.not_started()
    sent = _orders(subject)
    load = caller.load([one.request for one in sent], at_once=AT_ONCE, seconds=60)
    apps = {CALLER: caller, CALLED: called}
    lab.together(*(partial(app.stop, 30) for app in apps.values()))
    spans = [s for name, app in apps.items() for s in read(name, app.logs(stderr=False))]
    log = "\n".join(f"{name}: {line}" for name, app in apps.items() for line in _last(app))
    for app in apps.values():
        app.remove()
    return Telemetry(sent, list(load.replies), spans, log)


def _last(app: App) -> list[str]:
    """The end of a log, without the server's own words: spans in short, and what was raised."""
    lines = [line for line in app.logs().splitlines() if line and not line.startswith("INFO:")]
    return [line[:LINE] for line in lines[-4:]]


@question(
    "one-trace-per-request",
    factor="O",
    text="Is one request one trace, through both services?",
    how=f"{ORDERS} orders go to the shop, which asks prices for each; then both get SIGTERM. The "
    "spans on their standard outputs are put together by trace_id. A trace goes through when a "
    "span of prices has a span of the shop among its parents.",
    remedy="the request that the shop sends must carry the header traceparent, with the trace_id "
    "and the span_id of the shop's span; instrumentation of the HTTP client puts it there, if the "
    "call is made where that span is the current one.",
)
def one_trace_per_request(lab: Lab, subject: Subject) -> Finding:
    """Counted after an orderly end, so that a batch spoils no other question."""
    telemetry = subject.once(observe, lab)
    traces, services = telemetry.traces, Counter(span.service for span in telemetry.spans)
    through = sum(is_followed(trace, CALLER, CALLED) for trace in traces.values())
    return Finding(
        judged(through == ORDERS),
        expected=f"{ORDERS} traces, {ORDERS} go through both services",
        seen=f"{len(traces)} traces, {through} go through both services",
        columns=("service", "spans"),
        rows=[(name, services[name]) for name in (CALLER, CALLED)],
        log=telemetry.log,
    )


@question(
    "error-in-its-service",
    factor="O",
    text="Does the trace say in which service an order failed?",
    how=f"{ORDERS} orders: {FAILING_THERE} for an item whose price cannot be found, {FAILING_HERE} "
    "for 0 guests, on which the shop itself fails. For each trace, the services are noted whose "
    "spans have the status ERROR and an exception (an event, or its name in error.type).",
    remedy="let the exception out of the function where it happens, so that the span of that "
    "service records it; the shop answers 502 for an error of prices, and raises nothing of its "
    "own for it.",
)
def error_in_its_service(lab: Lab, subject: Subject) -> Finding:
    """By services and not by requests: no answer has to tell which trace is whose."""
    telemetry = subject.once(observe, lab)
    found = Counter(_guilty(trace) for trace in telemetry.traces.values())
    found.pop("", None)
    wanted = {CALLED: FAILING_THERE, CALLER: FAILING_HERE}
    remark = telemetry.remark()
    return Finding(
        judged(dict(found) == wanted and not remark),
        expected=_noted(wanted),
        seen=_noted(found) + remark,
        columns=("services with an exception", "traces"),
        rows=sorted(found.items()),
        log=telemetry.log,
    )


def _guilty(trace: list[Span]) -> str:
    """The services that fail in it, in one text; empty when none does."""
    return " and ".join(sorted({s.service for s in trace if s.error and s.raised}))


def _noted(found: Mapping[str, int]) -> str:
    other = sum(n for name, n in found.items() if name not in (CALLED, CALLER))
    return (
        f"traces with an exception in prices alone: {found.get(CALLED, 0)}, in the shop alone: "
        f"{found.get(CALLER, 0)}, in both: {other}"
    )


@question(
    "callers-trace-goes-on",
    factor="O",
    text="Does a request that is part of a trace stay in it?",
    how=f"{FROM_OUTSIDE} of {ORDERS} orders have a header traceparent whose trace_id and span_id are "
    "random, as a router or another app sends it. A span of the shop must be in that trace, with "
    "that span as its parent.",
    remedy="take trace_id and parent from the request's header traceparent where there is one: "
    "instrumentation of the server does, opentelemetry.propagate.extract(headers) does by hand.",
)
def callers_trace_goes_on(lab: Lab, subject: Subject) -> Finding:
    """The form of the header is the W3C's: version, trace, parent, flags. Whether prices follows
    the shop is another question."""
    telemetry = subject.once(observe, lab)
    traces = telemetry.traces
    begun = sum(
        any(s.service == CALLER and s.parent == one.span for s in traces.get(one.trace, []))
        for one in telemetry.sent
        if one.trace
    )
    return Finding(
        judged(begun == FROM_OUTSIDE),
        expected=f"the shop goes on in {FROM_OUTSIDE} of {FROM_OUTSIDE} traces of its callers",
        seen=f"the shop goes on in {begun} of {FROM_OUTSIDE} traces of its callers",
        log=telemetry.log,
    )


TRACES = 10
MARK = "/factorlab-mark"
NEIGHBOR = """
import http.server, json, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        print(json.dumps({"path": self.path, "traceparent": self.headers.get("traceparent")}), flush=True)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")
    do_POST = do_PUT = do_HEAD = do_PATCH = do_DELETE = do_GET
    def log_message(self, *_):
        pass

http.server.ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""
"""Answers everybody, and writes down what it was asked with."""


def _neighbor(lab: Lab) -> App:
    dockerfile = f'FROM {IMAGES["python"].tag}\nCOPY neighbor.py .\nCMD ["python", "neighbor.py"]\n'
    image = lab.build("neighbor", {"Dockerfile": dockerfile, "neighbor.py": NEIGHBOR}, trusted=True)
    env = {"PORT": str(9000 + secrets.randbelow(900))}
    return lab.deploy(image, random_word("neighbor"), env=env)


def _heard(neighbor: App) -> list[str]:
    """The traceparents that it was asked with; what the log holds is complete up to the mark."""
    mark = random_word(MARK)
    neighbor.get(mark)
    log = neighbor.logs_with(mark, stderr=False)
    events = [event for event in map(json_object, log.splitlines()) if event]
    return [json.dumps(event.get("traceparent")) for event in events if MARK not in str(event)]


@question(
    "trace-goes-on",
    factor="O",
    group="trace",
    needs=(
        OTHER_APP,
        THROUGH,
    ),
    text="Does a trace go on to the app that it asks?",
    how=f"Another app is put behind its URL. {TRACES} requests that make it ask there carry a random "
    "trace in the header traceparent (W3C Trace Context). The other app must be asked with the same "
    "traces.",
    remedy="hand the header traceparent on with every request that you send, or let OpenTelemetry's "
    "instrumentation of your HTTP client do it.",
)
def trace_goes_on(lab: Lab, subject: Subject) -> Finding:
    """What the other app answers does not matter: it was asked by then."""
    neighbor = _neighbor(lab)
    config = fill(lab, subject, "traced")
    url = f"http://{neighbor.host}:{neighbor.port}"
    telemetry = {v.name: url for v in subject.contract.of_kind("app")}
    app = deploy(lab, subject, replace(config, env=config.env | telemetry))
    request = subject.contract.request("through")
    before = _heard(neighbor)
    traces = [secrets.token_hex(16) for _ in range(TRACES)]
    app.load(
        [
            Request(
                request.method,
                request.path,
                request.json,
                {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"},
            )
            for trace in traces
        ],
        at_once=1,
    )
    heard = _heard(neighbor)[len(before) :]
    gone_on = sum(any(trace in one for one in heard) for trace in traces)
    log = app.logs(tail=8)
    app.remove()
    neighbor.remove()
    return Finding(
        judged(gone_on == TRACES),
        expected=f"{TRACES} of {TRACES} traces reach the other app",
        seen=f"{gone_on} of {TRACES} traces reach the other app, which was asked {len(heard)} times",
        log="" if gone_on == TRACES else log,
    )
