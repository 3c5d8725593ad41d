"""XI-1: one JSON object per line."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="XI-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea", "pieces": 4}),
    ),
    tasks=(
        Task("one-object-per-request", "Each request is one JSON object on one line",
             "one-json-object-per-request", 3),
        Task("errors-are-events", "An error is one event, with its exception",
             "errors-on-one-line", 2),
        Task("no-passwords", "No password is in the log", "no-credentials-in-log", 2),
        Task("nothing-is-lost", "The last line before a crash is there",
             "log-survives-sigkill", 2),
    ),
    hints=(
        "How many lines does the starter write about one request, and how many about one error? "
        "When is the earliest moment at which all that an event holds is known?",
        "Build a dictionary in the middleware, complete it when the answer or the exception is "
        "there, and print json.dumps(event) once, at the end. json.dumps without indent gives one "
        "line: an end of line in a text becomes \\n.",
        "Name the one header that you want: request.headers.get(\"x-request-id\"). repr(error) is "
        "the exception in one line, traceback.format_exc() the whole traceback as a text. The "
        "middleware may return JSONResponse(…, 500) instead of raising again: what it raises, "
        "uvicorn prints over many lines.",
        "The Dockerfile sets PYTHONUNBUFFERED to nothing, as in most images, so print keeps "
        "its lines in a buffer. print(…, flush=True) writes each at once. The access lines of "
        "uvicorn are off (--no-access-log), and would flush by luck.",
    ),
)  # fmt: skip
