"""O-1: rate, errors, duration."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="O-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea", "pieces": 1, "packing": 0}),
    ),
    tasks=(
        Task("adds-up", "The counters add up, errors included", "metrics-add-up", 3),
        Task("durations", "Slow orders can be told from quick ones",
             "durations-are-a-histogram", 2),
        Task("few-series", "Items and scanners make no series", "series-stay-few", 2),
    ),
    hints=(
        "An order for 0 pieces raises an exception. Which line of `measure` is the last that runs "
        "then? And in which of the two processes of a container is `REQUESTS`?",
        "try: … finally: … counts whatever happens. Before the try, set status = 500; after "
        "call_next, status = response.status_code. Without --workers there is one process, and a "
        "platform starts more containers.",
        "Histogram(\"http_request_duration_seconds\", \"…\") has buckets from 0.005 to 10 s. "
        ".observe(seconds) puts one duration in. The mean is its _sum divided by its _count, so "
        "nothing is lost.",
        "After call_next, request.scope.get(\"route\") is the route that was found, or None. Its "
        ".path is /items/{item}, the same text for all items.",
    ),
)  # fmt: skip
