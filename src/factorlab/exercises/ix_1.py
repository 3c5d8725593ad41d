"""IX-1: lose nothing."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="IX-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"ready": Request("GET", "/ready"), "drain": Request("POST", "/drain")},
    ),
    tasks=(
        Task("orders-in-hand", "Orders in hand are answered when the app is stopped",
             "requests-survive-a-stop", 3),
        Task("ends-by-itself", "It ends by itself, within the grace period", "stops-by-itself", 2),
        Task("drains-first", "It drains, and a rolling restart loses nothing",
             "drains-before-it-stops", 3),
    ),
    hints=(
        "Which process of the container gets SIGTERM, and what does that process do with it? In "
        "the lesson, /proc/1/cmdline told.",
        "uvicorn finishes what it has in hand when SIGTERM reaches it. Let it be process 1: write "
        "CMD as a JSON list, or put exec before the command in the shell form.",
        "Draining is one variable: False at the start, True after POST /drain. GET /ready looks "
        "at it. `raise HTTPException(503, \"draining\")` answers with status 503.",
        "After POST /drain the router still sends orders for a while, because it does not know "
        "yet. Serve them as before.",
    ),
)  # fmt: skip
