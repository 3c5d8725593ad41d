"""IV-1: URLs only."""

from factorlab.checks.contract import USER, Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("another-database", "Another database needs another URL and nothing else",
             "database-swapped-by-url", 3),
        Task("both-spellings", "postgresql:// and postgres:// mean the same",
             "both-schemes-taken", 2),
        Task("another-redis", "Another Redis needs another URL and nothing else",
             "cache-swapped-by-url", 2),
        Task("another-mail-server", "Another mail server needs another URL and nothing else",
             "mail-swapped-by-url", 2),
    ),
    hints=(
        "A URL has six parts: kind, user, password, host, port, name. Which of them does the "
        "starter read, and which does it know by heart?",
        "Most libraries take the URL whole: psycopg.connect(url), redis.Redis.from_url(url). "
        "sqlalchemy.make_url(url) reads one, and .set(drivername=\"postgresql+psycopg\") gives the "
        "same with another beginning, for create_engine.",
        "smtplib takes no URL. urllib.parse.urlsplit(url) has .hostname, .port, .username and "
        ".password.",
        "urlsplit leaves user and password encoded: unquote each of them, once, after the URL was "
        "taken apart. psycopg, redis and SQLAlchemy decode by themselves.",
    ),
)  # fmt: skip
