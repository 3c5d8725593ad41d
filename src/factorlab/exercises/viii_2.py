"""VIII-2: a budget of connections."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        "A variable is a text: int(os.environ[\"DATABASE_CONNECTIONS\"]).",
    ),
)  # fmt: skip
