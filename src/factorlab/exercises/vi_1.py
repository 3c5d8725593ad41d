"""VI-1: sessions that survive."""

from factorlab.checks.contract import USER, Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="VI-1",
    files=("app.py",),
    contract=Contract(
        variables=(
            Variable("REDIS_URL", "redis"),
            Variable("DATABASE_URL", "postgres"),
            Variable("SECRET_KEY", "text"),
            Variable("SESSION_SECONDS", "seconds"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/login", {"user": "mia"}),
        others={
            "login": Request("POST", "/login", {"user": USER}),
            "me": Request("GET", "/me"),
            "logout": Request("POST", "/logout"),
        },
        schema="CREATE TABLE sessions (id text PRIMARY KEY, username text NOT NULL, "
        "expires timestamptz NOT NULL)",
    ),
    tasks=(
        Task("all-replicas-know-them", "Every replica knows every session, also after a death",
             "sessions-outlive-a-replica", 3),
        Task("logout-holds", "A logout holds on every replica", "logout-holds-everywhere", 2),
        Task("nobody-can-forge", "A made-up session is refused", "forged-sessions-refused", 2),
        Task("sessions-end", "A session ends after SESSION_SECONDS", "sessions-expire", 2),
    ),
    hints=(
        "Three replicas are three processes. Which of them sees the dictionary `sessions`, and "
        "which sees the counter?",
        "Let the cookie hold an id only, and a store that all replicas share hold whose it is. "
        "redis.Redis.from_url(os.environ[\"REDIS_URL\"]) connects; .set(key, text, ex=seconds), "
        ".get(key) and .delete(key) do the rest. .get gives bytes: decode them, or pass "
        "decode_responses=True to from_url.",
        "A logout is right when the store has forgotten the session. Deleting the cookie tells "
        "only the browser; whoever has copied it sends it again.",
        "Somebody who sees the id 41 tries 40. secrets.token_urlsafe(16) is an id that cannot be "
        "guessed; a name, a number or a hash of a name can.",
        'Variables are texts: int(os.environ["SESSION_SECONDS"]). A user\'s name goes into the '
        "store's value, so that GET /me can answer with it.",
    ),
)  # fmt: skip
