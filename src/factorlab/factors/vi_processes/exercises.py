"""VI-1: sessions that survive."""

from factorlab.lab import Request
from factorlab.questions.contract import FILE, USER, Contract, Variable
from factorlab.questions.spec import Spec, Task

VI_1 = Spec(
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
        Task(
            "all-replicas-know-them",
            "Every replica knows every session, also after a death",
            "sessions-outlive-a-replica",
            3,
        ),
        Task("logout-holds", "A logout holds on every replica", "logout-holds-everywhere", 2),
        Task("nobody-can-forge", "A made-up session is refused", "forged-sessions-refused", 2),
        Task("sessions-end", "A session ends after SESSION_SECONDS", "sessions-expire", 2),
    ),
    hints=(
        "Three replicas are three processes. Which of them sees the dictionary `sessions`, and "
        "which sees the counter?",
        "Let the cookie hold an id only, and a store that all replicas share hold whose it is. "
        'redis.Redis.from_url(os.environ["REDIS_URL"]) connects; .set(key, text, ex=seconds), '
        ".get(key) and .delete(key) do the rest. .get gives bytes: decode them, or pass "
        "decode_responses=True to from_url.",
        "A logout is right when the store has forgotten the session. Deleting the cookie tells "
        "only the browser; whoever has copied it sends it again.",
        "Somebody who sees the id 41 tries 40. secrets.token_urlsafe(16) is an id that cannot be "
        "guessed; a name, a number or a hash of a name can.",
        'Variables are texts: int(os.environ["SESSION_SECONDS"]). A user\'s name goes into the '
        "store's value, so that GET /me can answer with it.",
    ),
)

VI_2 = Spec(
    id="VI-2",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("REDIS_URL", "redis"), Variable("DATABASE_URL", "postgres")),
        read=Request("GET", "/"),
        write=Request("PUT", "/files/cat.txt", "a cat"),
        others={
            "upload": Request("PUT", f"/files/{FILE}"),
            "download": Request("GET", f"/files/{FILE}"),
        },
        schema="CREATE TABLE files (name text PRIMARY KEY, content bytea NOT NULL)",
    ),
    tasks=(
        Task(
            "every-replica-has-them",
            "Every replica has every file, also after a death",
            "uploads-outlive-a-replica",
            3,
        ),
        Task(
            "every-byte-comes-back", "A file comes back byte for byte", "uploads-keep-every-byte", 2
        ),
        Task(
            "the-newest-wins",
            "The newest file of a name is the one that all get",
            "uploads-replace",
            2,
        ),
        Task(
            "too-large-is-refused",
            "A file that is too large is refused with 413",
            "uploads-have-a-limit",
            1,
        ),
        Task("no-copy-stays", "No copy stays on a replica's disk", "uploads-leave-no-copy", 1),
    ),
    hints=(
        "Three replicas are three containers. Whose folder is /tmp/uploads? What happens to it "
        "when the container is replaced?",
        'The database has a table for it. psycopg.connect(os.environ["DATABASE_URL"]) connects; '
        "`with psycopg.connect(…) as db:` also commits and closes at the end. A Python value of "
        "type bytes goes into a column of type bytea, and comes out as bytes.",
        "INSERT INTO files VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET content = "
        "excluded.content keeps a file, whether its name is new or not. With Redis, "
        "set(name, body) does. Without decode_responses=True, it gives bytes back.",
        'FastAPI: raise HTTPException(413, "too large") when len(body) says so, before anything '
        "is stored. fetchone() gives None for a name that is not there: that is the 404.",
    ),
)

VI_3 = Spec(
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
        Task(
            "ten-for-all-replicas",
            "Ten orders, however many replicas there are",
            "limit-holds-across-replicas",
            3,
        ),
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
)
