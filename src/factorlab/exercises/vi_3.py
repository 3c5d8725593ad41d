"""VI-3: a limit of 10 across 3 replicas."""

from factorlab.checks.contract import USER, Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VI-3",
    files=("app.py",),
    contract=Contract(
        variables=(
            Variable("REDIS_URL", "redis"),
            Variable("DATABASE_URL", "postgres"),
            Variable("WINDOW_SECONDS", "seconds"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/coupons", {"user": "mia"}),
        others={"limited": Request("POST", "/coupons", {"user": USER})},
        schema="CREATE TABLE counters (name text PRIMARY KEY, count int NOT NULL, "
        "ends timestamptz NOT NULL)",
    ),
    tasks=(
        Task("ten-in-all", "10 of 60 tries are allowed, over all replicas",
             "limit-counts-all-replicas", 3),
        Task("at-once", "The limit holds for tries at the same moment", "limit-holds-at-once", 2),
        Task("one-each", "Each user has a limit of their own", "limit-is-per-user", 1),
        Task("it-ends", "After WINDOW_SECONDS a user may try again", "limit-ends", 2),
        Task("a-crash-locks-nobody-out", "A crash locks nobody out", "limit-survives-a-crash", 2),
    ),
    hints=(
        "Three replicas have a dictionary each. How many tries does a user get from all of them "
        "together? What do they get after a restart?",
        "INCR is one command of Redis: it adds 1 to a number and answers with the new number; a "
        "key that does not exist counts as 0. store.incr(f\"tries:{user}\") does it. The first ten "
        "who read 1 to 10 are in, whatever comes at the same moment.",
        "A key gets its end when it begins. store.set(key, 0, ex=SECONDS, nx=True) makes the key "
        "with its end, and does nothing if it is there: `nx` stands for \"not exists\".",
        "After INCR, store.expire(key, SECONDS) is a second command. What is left in Redis when "
        "the app is killed between the two?",
        "Commands that must not be divided go together: `pipe = store.pipeline()`, then "
        "pipe.set(…), pipe.incr(…), and `results = pipe.execute()`, a list with the answer to "
        "each. Redis carries out all of them or none.",
    ),
)  # fmt: skip
