"""IV-1: URLs only."""

from factorlab.lab import Request
from factorlab.questions.contract import USER, Contract, Variable
from factorlab.questions.spec import Spec, Task

IV_1 = Spec(
    id="IV-1",
    files=("app.py",),
    contract=Contract(
        variables=(
            Variable("DATABASE_URL", "postgres"),
            Variable("REDIS_URL", "redis"),
            Variable("SMTP_URL", "smtp"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        others={
            "visit": Request("POST", "/visits"),
            "receipt": Request("POST", "/receipts", {"to": USER}),
        },
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task(
            "another-database",
            "Another database needs another URL and nothing else",
            "database-swapped-by-url",
            3,
        ),
        Task(
            "both-spellings", "postgresql:// and postgres:// mean the same", "both-schemes-taken", 2
        ),
        Task(
            "another-redis",
            "Another Redis needs another URL and nothing else",
            "cache-swapped-by-url",
            2,
        ),
        Task(
            "another-mail-server",
            "Another mail server needs another URL and nothing else",
            "mail-swapped-by-url",
            2,
        ),
    ),
    hints=(
        "A URL has six parts: kind, user, password, host, port, name. Which of them does the "
        "starter read, and which does it know by heart?",
        "Most libraries take the URL whole: psycopg.connect(url), redis.Redis.from_url(url). "
        'sqlalchemy.make_url(url) reads one, and .set(drivername="postgresql+psycopg") gives the '
        "same with another beginning, for create_engine.",
        "smtplib takes no URL. urllib.parse.urlsplit(url) has .hostname, .port, .username and "
        ".password.",
        "urlsplit leaves user and password encoded: unquote each of them, once, after the URL was "
        "taken apart. psycopg, redis and SQLAlchemy decode by themselves.",
    ),
)

IV_2 = Spec(
    id="IV-2",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"),),
        read=Request("GET", "/"),
        write=Request("POST", "/visits"),
        others={"visit": Request("POST", "/visits")},
    ),
    tasks=(
        Task(
            "page-stays-quick",
            "The page that needs no Redis stays quick",
            "page-without-it-stays-quick",
            3,
        ),
        Task("visits-say-503", "What needs Redis says 503, and soon", "outage-answered-503", 3),
        Task(
            "comes-back",
            "Everything is as before when Redis answers again",
            "recovers-after-outage",
            3,
        ),
    ),
    hints=(
        "Who waits for Redis in the starter, for how long, and in which thread? Who else needs "
        "that thread?",
        "A visit without `async` waits in a thread of its own. With `async`, it needs a client that "
        "waits without holding the thread: redis.asyncio has the same names, with `await`.",
        "redis.Redis.from_url(url, socket_connect_timeout=…, socket_timeout=…) sets the time-outs, "
        "in seconds. All errors of the client are redis.RedisError; "
        "HTTPException(503) from fastapi makes the answer.",
        "The client tries again by itself, with pauses in between, so 0.3 s become several seconds. "
        "retry=Retry(NoBackoff(), 0) says once and no more: Retry is in redis.retry (for asyncio in "
        "redis.asyncio.retry), NoBackoff in redis.backoff.",
        "Whoever stops asking Redis after a failure must ask again soon: within 2 s after it runs "
        "on, a visit must be right.",
    ),
)
