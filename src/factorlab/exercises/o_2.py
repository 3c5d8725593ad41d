"""O-2: follow the request."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
)  # fmt: skip
