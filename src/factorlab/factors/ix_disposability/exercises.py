"""IX-1: lose nothing."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

IX_1 = Spec(
    id="IX-1",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"ready": Request("GET", "/ready"), "drain": Request("POST", "/drain")},
    ),
    tasks=(
        Task(
            "orders-in-hand",
            "Orders in hand are answered when the app is stopped",
            "requests-survive-a-stop",
            3,
        ),
        Task("ends-by-itself", "It ends by itself, within the grace period", "stops-by-itself", 2),
        Task(
            "drains-first",
            "It drains, and a rolling restart loses nothing",
            "drains-before-it-stops",
            3,
        ),
    ),
    hints=(
        "Which process of the container gets SIGTERM, and what does that process do with it? In "
        "the lesson, /proc/1/cmdline told.",
        "uvicorn finishes what it has in hand when SIGTERM reaches it. Let it be process 1: write "
        "CMD as a JSON list, or put exec before the command in the shell form.",
        "Draining is one variable: False at the start, True after POST /drain. GET /ready looks "
        'at it. `raise HTTPException(503, "draining")` answers with status 503.',
        "After POST /drain the router still sends orders for a while, because it does not know "
        "yet. Serve them as before.",
    ),
)

IX_2 = Spec(
    id="IX-2",
    files=("app.py", "worker.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"), Variable("REDIS_URL", "redis")),
        read=Request("GET", "/"),
        write=Request("POST", "/jobs", {"job": "job-1"}),
        schema="CREATE TABLE charges (job text NOT NULL, key text UNIQUE);"
        "CREATE TABLE jobs (id bigserial PRIMARY KEY, job text NOT NULL, "
        "done boolean NOT NULL DEFAULT false)",
    ),
    tasks=(
        Task("no-job-lost", "No job is lost with its worker", "no-job-is-lost", 3),
        Task("no-job-twice", "No job is done twice", "no-job-is-done-twice", 3),
    ),
    hints=(
        "Where is a job between the line that takes it and the line that charges for it? Who "
        "finds it there when the worker is gone?",
        'A job must stay somewhere until its charge is committed. In Redis, blmove("jobs", '
        '"doing", 0, "LEFT", "RIGHT") moves it to a second list in one step, and '
        'lrem("doing", 1, job) takes it off. A worker that starts puts back what is in `doing`.',
        "A job that comes again may have been charged or not: the worker before could not say. "
        "Let the database answer: a key that is UNIQUE, and INSERT … ON CONFLICT (key) DO NOTHING.",
        "Looking in Redis whether a job was charged is a second book beside the bank's: a kill "
        "between the two leaves them different.",
    ),
)

IX_3 = Spec(
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
        Task(
            "bears-the-wait",
            "It waits for its database, and does not crash in a loop",
            "waits-for-its-database",
            2,
        ),
        Task(
            "ready-with-it",
            "It is ready soon after its database is, and not before",
            "ready-when-the-database-is",
            3,
        ),
        Task(
            "no-needless-wait",
            "It does not wait when nothing is missing",
            "ready-from-the-start",
            2,
        ),
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
)
