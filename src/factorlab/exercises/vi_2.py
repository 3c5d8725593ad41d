"""VI-2: upload here, download there."""

from factorlab.checks.contract import FILE, Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("every-replica-has-them", "Every replica has every file, also after a death",
             "uploads-outlive-a-replica", 3),
        Task("every-byte-comes-back", "A file comes back byte for byte",
             "uploads-keep-every-byte", 2),
        Task("the-newest-wins", "The newest file of a name is the one that all get",
             "uploads-replace", 2),
        Task("too-large-is-refused", "A file that is too large is refused with 413",
             "uploads-have-a-limit", 1),
        Task("no-copy-stays", "No copy stays on a replica's disk", "uploads-leave-no-copy", 1),
    ),
    hints=(
        "Three replicas are three containers. Whose folder is /tmp/uploads? What happens to it "
        "when the container is replaced?",
        "The database has a table for it. psycopg.connect(os.environ[\"DATABASE_URL\"]) connects; "
        "`with psycopg.connect(…) as db:` also commits and closes at the end. A Python value of "
        "type bytes goes into a column of type bytea, and comes out as bytes.",
        "INSERT INTO files VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET content = "
        "excluded.content keeps a file, whether its name is new or not. With Redis, "
        "set(name, body) does. Without decode_responses=True, it gives bytes back.",
        "FastAPI: raise HTTPException(413, \"too large\") when len(body) says so, before anything "
        "is stored. fetchone() gives None for a name that is not there: that is the 404.",
    ),
)  # fmt: skip
