"""XI-1: one JSON object per line."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract
from factorlab.questions.spec import Spec, Task

XI_1 = Spec(
    id="XI-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea", "pieces": 4}),
    ),
    tasks=(
        Task(
            "one-object-per-request",
            "Each request is one JSON object on one line",
            "one-json-object-per-request",
            3,
        ),
        Task(
            "errors-are-events",
            "An error is one event, with its exception",
            "errors-on-one-line",
            2,
        ),
        Task("no-passwords", "No password is in the log", "no-credentials-in-log", 2),
        Task("nothing-is-lost", "The last line before a crash is there", "log-survives-sigkill", 2),
    ),
    hints=(
        "How many lines does the starter write about one request, and how many about one error? "
        "When is the earliest moment at which all that an event holds is known?",
        "Build a dictionary in the middleware, complete it when the answer or the exception is "
        "there, and print json.dumps(event) once, at the end. json.dumps without indent gives one "
        "line: an end of line in a text becomes \\n.",
        'Name the one header that you want: request.headers.get("x-request-id"). repr(error) is '
        "the exception in one line, traceback.format_exc() the whole traceback as a text. The "
        "middleware may return JSONResponse(…, 500) instead of raising again: what it raises, "
        "uvicorn prints over many lines.",
        "The Dockerfile sets PYTHONUNBUFFERED to nothing, as in most images, so print keeps "
        "its lines in a buffer. print(…, flush=True) writes each at once. The access lines of "
        "uvicorn are off (--no-access-log), and would flush by luck.",
    ),
)

XI_2 = Spec(
    id="XI-2",
    files=("app.py",),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/lines", {"replica": "shop-1", "lines": []}),
        others={"lines": Request("POST", "/lines"), "report": Request("GET", "/report")},
    ),
    tasks=(
        Task(
            "in-order-of-time",
            "The streams are one, in the order of time",
            "streams-are-merged-by-time",
            3,
        ),
        Task(
            "errors-per-second",
            "Errors are counted when they happened",
            "errors-are-counted-per-second",
            2,
        ),
        Task("p95", "p95 is that of all events", "p95-is-of-all-events", 2),
        Task(
            "broken-lines",
            "Broken lines are counted and stop nothing",
            "broken-lines-are-counted",
            1,
        ),
        Task("twice-is-once", "What arrives twice counts once", "twice-is-once", 1),
    ),
    hints=(
        "Which of the starter's numbers depend on when a line arrived? Keep the events, and work "
        "the report out of them when it is asked for.",
        'sorted(events, key=lambda event: event["time"]) is the stream in the order of time. '
        'Counter(int(event["time"]) for event in … if …) counts per second.',
        "Two replicas answer in 10 ms and one in 800: the mean of their percentiles is a number "
        "that no request ever took. Put all durations into one list, then call p95 once.",
        'A dictionary with the request_id as its key, {event["request_id"]: event}, holds each '
        "event once, however often it is put in.",
        "json.loads raises ValueError for what is no JSON. `17` and `[]` are JSON and no event: "
        "ask isinstance(event, dict), and NAMES <= event.keys() for a set of names.",
    ),
)
