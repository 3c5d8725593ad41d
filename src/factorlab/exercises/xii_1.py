"""XII-1: migrate once."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="XII-1",
    files=("app.py", "migrate.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"),),
        read=Request("GET", "/"),
        write=Request("POST", "/"),
        others={"ready": Request("GET", "/ready")},
        commands={"migrate": ("python", "migrate.py")},
        schema="CREATE TABLE accounts (owner text PRIMARY KEY, balance bigint NOT NULL); "
        "CREATE TABLE schema_version (version int NOT NULL); "
        "INSERT INTO schema_version VALUES (1)",
    ),
    tasks=(
        Task("replicas-wait", "The replicas are up, not ready, and change nothing",
             "replicas-wait-for-migration", 2),
        Task("one-off-migrates", "A one-off migrates, and the replicas become ready",
             "one-off-migrates", 2),
        Task("two-at-once", "Two one-offs at the same time change the data once",
             "two-at-once-migrate-once", 3),
        Task("killed-half-way", "A migration that was killed half-way is done right by the next",
             "killed-half-way", 2),
    ),
    hints=(
        "Which line of app.py changes the tables, and how often does it run when three replicas "
        "start? What would app.py have to know for /ready, and when could that change?",
        "Take the migration out of app.py. GET /ready reads schema_version at each request and "
        "raises HTTPException(503, \"not migrated\") while it is below 2. GET / does not look.",
        "Two one-offs look at the version before either changes it. A lock makes the second wait "
        "before it looks: db.execute(\"SELECT pg_advisory_xact_lock(1)\") as the first statement "
        "of the transaction, or a look that locks: SELECT version FROM schema_version FOR UPDATE.",
        "With autocommit=True, each statement is kept at once, and a kill between two of them "
        "leaves one without the other. Without it, `with psycopg.connect(…) as db:` is one "
        "transaction: both changes are kept at its end, or none. An advisory lock whose name has "
        "xact in it is given up at the end of the transaction too.",
    ),
)  # fmt: skip
