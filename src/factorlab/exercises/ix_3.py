"""IX-3: ready in three seconds."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="IX-3",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"ready": Request("GET", "/ready")},
        schema="CREATE TABLE orders (id bigserial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task("bears-the-wait", "It waits for its database, and does not crash in a loop",
             "waits-for-its-database", 2),
        Task("ready-with-it", "It is ready soon after its database is, and not before",
             "ready-when-the-database-is", 3),
        Task("no-needless-wait", "It does not wait when nothing is missing",
             "ready-from-the-start", 2),
    ),
    hints=(
        "When does the starter connect, and what becomes of the process when it cannot?",
        "Either try again in a loop until it works, with a short pause, or connect when a request "
        "comes. psycopg raises psycopg.OperationalError when there is no server.",
        "GET /ready must find out, each time it is asked: connect, SELECT 1, and answer 503 when "
        "that fails. connect_timeout=2 keeps one try short.",
        "A pause that doubles without a limit is soon longer than three seconds: "
        "min(pause * 2, 1).",
    ),
)  # fmt: skip
