"""VIII-1: a formation of three process types."""

from factorlab.lab import Request
from factorlab.questions.contract import NAME, Contract, Variable
from factorlab.questions.spec import Spec, Task

VIII_1 = Spec(
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
        'A queue is a list in Redis: store.rpush("jobs", text) adds at its end; '
        'store.blpop("jobs") waits for one, takes it off in the same step, and gives (list, text).',
        "worker.py is a program of its own: an endless loop that takes one job and sends its mail. "
        "It needs no FastAPI and no port.",
        'scheduler.py is a loop too: time.sleep(…), then one job of the kind "digest" for the '
        "queue. json.dumps and json.loads make a job a text and back.",
        "In PostgreSQL: UPDATE jobs SET taken = true WHERE id = (SELECT id FROM jobs WHERE NOT taken "
        "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING job.",
    ),
)

VIII_2 = Spec(
    id="VIII-2",
    files=("app.py",),
    contract=Contract(
        variables=(
            Variable("DATABASE_URL", "postgres"),
            Variable("DATABASE_CONNECTIONS", "count"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={"order": Request("POST", "/orders", {"item": "tea"})},
        schema="CREATE TABLE orders (id bigserial PRIMARY KEY, "
        "item text NOT NULL CHECK (length(item) <= 100))",
    ),
    tasks=(
        Task("no-order-lost", "Four replicas, no order refused", "replicas-share-the-limit", 3),
        Task("own-share", "Each replica keeps to its share", "keeps-to-its-share", 2),
        Task("given-back", "A failed order gives its connection back", "gives-connections-back", 2),
    ),
    hints=(
        "Twenty orders come to one replica at once. How many connections does the starter open, and "
        "how many are its share?",
        "A pool keeps connections open and hands them out in turn; who finds none free waits. "
        "psycopg_pool.ConnectionPool(url, min_size=1, max_size=…) is one; `with pool.connection() as "
        "db:` takes one and gives it back.",
        "create_engine of SQLAlchemy has a pool too: pool_size=5 and max_overflow=10, so 15 "
        "connections, unless you say otherwise.",
        'A variable is a text: int(os.environ["DATABASE_CONNECTIONS"]).',
    ),
)

VIII_3 = Spec(
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
        Task(
            "answers-meanwhile",
            "Others are answered while a report is computed",
            "light-while-heavy",
            2,
        ),
        Task(
            "answers-in-a-crowd",
            "Others are answered when sixty reports are ordered",
            "light-in-a-crowd",
            3,
        ),
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
)
