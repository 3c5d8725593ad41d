"""VIII-3: stay responsive."""

from factorlab.checks.contract import NAME, Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VIII-3",
    files=("app.py", "report.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/reports/first", {"seed": 1, "rounds": 1}),
        others={
            "order": Request("POST", f"/reports/{NAME}", {"seed": 1, "rounds": 1}),
            "report": Request("GET", f"/reports/{NAME}"),
        },
        processes={"worker": "python worker.py"},
    ),
    tasks=(
        Task("answers-meanwhile", "Others are answered while a report is computed",
             "light-while-heavy", 2),
        Task("answers-in-a-crowd", "Others are answered when sixty reports are ordered",
             "light-in-a-crowd", 3),
        Task("all-done", "Every report is computed, and right", "every-report-is-done", 1),
    ),
    hints=(
        "Which thread computes in the starter, and what else would that thread have to do?",
        "`def` in place of `async def` lets FastAPI run a function in another thread. There are 40 "
        "of them for all `def` functions together. What happens when sixty of them compute?",
        "The orders need a place to wait that holds no thread: a list in Redis. A worker takes one "
        "after the other from it. `worker.py` is started for you, if there is one.",
        "Without a worker: concurrent.futures.ProcessPoolExecutor(1) in app.py computes in another "
        "process; pool.submit(function, …) returns at once. Let the function store the result.",
    ),
)  # fmt: skip
