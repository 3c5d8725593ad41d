"""XI-2: be the platform."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="XI-2",
    files=("app.py",),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/lines", {"replica": "shop-1", "lines": []}),
        others={"lines": Request("POST", "/lines"), "report": Request("GET", "/report")},
    ),
    tasks=(
        Task("in-order-of-time", "The streams are one, in the order of time",
             "streams-are-merged-by-time", 3),
        Task("errors-per-second", "Errors are counted when they happened",
             "errors-are-counted-per-second", 2),
        Task("p95", "p95 is that of all events", "p95-is-of-all-events", 2),
        Task("broken-lines", "Broken lines are counted and stop nothing",
             "broken-lines-are-counted", 1),
        Task("twice-is-once", "What arrives twice counts once", "twice-is-once", 1),
    ),
    hints=(
        "Which of the starter's numbers depend on when a line arrived? Keep the events, and work "
        "the report out of them when it is asked for.",
        "sorted(events, key=lambda event: event[\"time\"]) is the stream in the order of time. "
        "Counter(int(event[\"time\"]) for event in … if …) counts per second.",
        "Two replicas answer in 10 ms and one in 800: the mean of their percentiles is a number "
        "that no request ever took. Put all durations into one list, then call p95 once.",
        "A dictionary with the request_id as its key, {event[\"request_id\"]: event}, holds each "
        "event once, however often it is put in.",
        "json.loads raises ValueError for what is no JSON. `17` and `[]` are JSON and no event: "
        "ask isinstance(event, dict), and NAMES <= event.keys() for a set of names.",
    ),
)  # fmt: skip
