"""O-1: rate, errors, duration."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

O_1 = Spec(
    id="O-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea", "pieces": 1, "packing": 0}),
    ),
    tasks=(
        Task("adds-up", "The counters add up, errors included", "metrics-add-up", 3),
        Task(
            "durations", "Slow orders can be told from quick ones", "durations-are-a-histogram", 2
        ),
        Task("few-series", "Items and scanners make no series", "series-stay-few", 2),
    ),
    hints=(
        "An order for 0 pieces raises an exception. Which line of `measure` is the last that runs "
        "then? And in which of the two processes of a container is `REQUESTS`?",
        "try: … finally: … counts whatever happens. Before the try, set status = 500; after "
        "call_next, status = response.status_code. Without --workers there is one process, and a "
        "platform starts more containers.",
        'Histogram("http_request_duration_seconds", "…") has buckets from 0.005 to 10 s. '
        ".observe(seconds) puts one duration in. The mean is its _sum divided by its _count, so "
        "nothing is lost.",
        'After call_next, request.scope.get("route") is the route that was found, or None. Its '
        ".path is /items/{item}, the same text for all items.",
    ),
)

O_2 = Spec(
    id="O-2",
    files=("shop.py", "prices.py", "telemetry.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("PRICES_URL", "app"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"items": ["tea", "coffee"], "guests": 2}),
        processes={"prices": "uvicorn prices:app --host 0.0.0.0 --port 8000"},
        others={
            "unpriced": Request("POST", "/orders", {"items": ["tea", "gold"], "guests": 2}),
            "broken": Request("POST", "/orders", {"items": ["tea", "coffee"], "guests": 0}),
        },
    ),
    tasks=(
        Task("one-trace", "One order is one trace", "one-trace-per-request", 3),
        Task("right-service", "An error stands where it happened", "error-in-its-service", 2),
        Task("callers-trace", "A caller's trace goes on", "callers-trace-goes-on", 2),
    ),
    hints=(
        "What does prices get to know of the trace that the shop has begun? Look at the request "
        "that the shop sends. Then: in which thread is it sent, and what is the current span there?",
        "HTTPXClientInstrumentor().instrument(), from opentelemetry.instrumentation.httpx, puts "
        "the header traceparent into each request. By hand: headers = {}, then "
        "opentelemetry.propagate.inject(headers).",
        "The current span is kept in a context, and a thread of a pool has an empty one. "
        "contextvars.copy_context().run(price, item) calls price in a copy of yours; make one copy "
        "for each item, in the thread of the request.",
        "FastAPI writes a span for each request, and goes on with a caller's trace, unless it is "
        "told not to. FastAPIInstrumentor.instrument_app(app) does so too.",
        "A function that catches an exception and returns null moves the error to whoever uses "
        "the null. Let it out of prices, ask answer.is_error in the shop, and raise "
        "HTTPException(502) there, which is an answer and no exception of the shop.",
    ),
)

O_3 = Spec(
    id="O-3",
    files=("detective.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/"),
        commands={"detective": ("python", "detective.py")},
    ),
    tasks=(
        Task("errors", "Who fails, and for whom", "errors-are-traced", 2),
        Task("slow", "Who is slow, and for whom", "slowness-is-traced", 3),
        Task("repeats", "Who asks too often, and for whom", "repeats-are-traced", 2),
    ),
    hints=(
        "The starter counts failures by tenant. Who is named when one tenant sends most of all "
        "requests? And which spans fail when prices fails?",
        "Only the shop's topmost span has a tenant. The others have its trace_id: "
        "tenants = {trace_id: tenant} first, then go through all spans.",
        'For each span, collect its children: below[span["parent_id"]].append(span). Its own '
        "time is its duration less the sum of theirs; its calls are len(below[span_id]).",
        "Each span can have a verdict: errors when it has an event, slow when its own time is "
        "above 200 ms, repeats from 12 calls. Count the traces by (service, tenant, kind), divide "
        "by the tenant's traces, take the largest.",
        'datetime.fromisoformat(span["start_time"]) reads the times, and .total_seconds() of a '
        "difference is a number. Lines that do not begin with { are no spans.",
    ),
)
