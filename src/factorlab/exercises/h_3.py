"""H-3: not ready before you leave."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="H-3",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        ready="/live",
        others={
            "live": Request("GET", "/live"),
            "ready": Request("GET", "/ready"),
            "drain": Request("POST", "/drain"),
        },
    ),
    tasks=(
        Task("leaves-the-router", "It leaves the router, it alone, and lives on",
             "drain-leaves-the-router", 3),
        Task("still-answers", "It answers what still comes", "drained-still-answers", 2),
        Task("loses-nothing", "All replicas are replaced without a lost order",
             "rolling-drain-loses-nothing", 3),
    ),
    hints=(
        "The platform tells the replica that it will end, before it ends it. What is the one thing "
        "that the replica has to say differently from then on, and to whom?",
        "A variable of the module is enough: `leaving = False` at the top, `global leaving` in the "
        "function that changes it.",
        'raise HTTPException(503, "leaving") in /ready while the mark is set. /live and /orders do '
        "not look at it: requests still come until the router has noticed.",
        "The end itself comes with SIGTERM, and uvicorn already does what is needed: it finishes "
        "what is under way and ends. A mark in Redis is seen by all replicas, and is still there "
        "after the restart.",
    ),
)  # fmt: skip
