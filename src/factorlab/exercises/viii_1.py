"""VIII-1: a formation of three process types."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VIII-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(
            Variable("REDIS_URL", "redis"),
            Variable("DATABASE_URL", "postgres"),
            Variable("MAIL_URL", "app"),
            Variable("TICK_SECONDS", "seconds"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"order": "tea"}),
        others={"order": Request("POST", "/orders", {"order": "tea"})},
        schema="CREATE TABLE jobs (id bigserial PRIMARY KEY, job text NOT NULL, "
        "taken boolean NOT NULL DEFAULT false)",
        processes={"worker": "python worker.py", "scheduler": "python scheduler.py"},
    ),
    tasks=(
        Task("web-hands-over", "The web process sends no mail", "web-hands-over", 2),
        Task("four-at-once", "Four workers work at the same time", "workers-work-at-once", 2),
        Task("each-order-once", "Each order is done once", "each-order-once", 2),
        Task("one-scheduler", "One digest per tick", "one-scheduler", 2),
    ),
    hints=(
        "Count what runs when there are three web processes: how many threads send mails, and how "
        "many clocks tick? Which of them should there be one of, and which should be many?",
        "A queue is a list in Redis: store.rpush(\"jobs\", text) adds at its end; "
        "store.blpop(\"jobs\") waits for one, takes it off in the same step, and gives (list, text).",
        "worker.py is a program of its own: an endless loop that takes one job and sends its mail. "
        "It needs no FastAPI and no port.",
        "scheduler.py is a loop too: time.sleep(…), then one job of the kind \"digest\" for the "
        "queue. json.dumps and json.loads make a job a text and back.",
        "In PostgreSQL: UPDATE jobs SET taken = true WHERE id = (SELECT id FROM jobs WHERE NOT taken "
        "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING job.",
    ),
)  # fmt: skip
