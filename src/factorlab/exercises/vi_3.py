"""VI-3: ten orders, however many replicas."""

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
        write=Request("POST", "/orders", {"user": "mia", "item": "tea"}),
        others={"limited": Request("POST", "/orders", {"user": USER, "item": "tea"})},
        schema="CREATE TABLE windows (username text PRIMARY KEY, orders integer NOT NULL, "
        "ends timestamptz NOT NULL)",
    ),
    tasks=(
        Task("ten-for-all-replicas", "Ten orders, however many replicas there are",
             "limit-holds-across-replicas", 3),
        Task("each-their-own", "Every user has ten of their own", "users-have-their-own-limit", 1),
        Task("windows-end", "After the window, a user is welcome again", "limit-ends", 2),
        Task("no-lock-out", "A crash locks nobody out for good", "no-count-without-an-end", 2),
    ),
    hints=(
        "Three replicas count to ten each. Who could count for all of them?",
        "Redis adds in one step and tells the result: store.incr(key). With the user's name in the "
        "key, every user has a count of their own. The 11th answer is 11.",
        "A count needs an end, or nobody is ever welcome again. store.set(key, 0, ex=WINDOW, "
        "nx=True) makes a key with an end, and does nothing when there is one already.",
        "What is left in Redis when the process dies between two calls? A pipeline sends several "
        "commands as one: with store.pipeline() as both: both.set(…); both.incr(…); answers = "
        "both.execute(). The count is answers[1].",
        "In PostgreSQL, one statement can do it all: INSERT … ON CONFLICT (username) DO UPDATE SET "
        "… RETURNING orders.",
    ),
)  # fmt: skip
