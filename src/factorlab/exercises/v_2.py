"""V-2: an app that leaves the files of its container alone."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="V-2",
    files=("app.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"), Variable("REDIS_URL", "redis")),
        read=Request("GET", "/catalog"),
        write=Request("POST", "/pictures", {"name": "assam", "svg": "<svg></svg>"}),
        others={"list": Request("GET", "/catalog")},
        schema="CREATE TABLE pictures (name text PRIMARY KEY, svg text NOT NULL)",
    ),
    tasks=(
        Task("works-frozen", "It works when its files are read-only", "runs-read-only", 3),
        Task("leaves-no-trace", "It leaves its files alone where they can be written",
             "leaves-its-files-alone", 2),
        Task("nothing-is-lost", "A new container takes over", "nothing-kept-in-container", 3),
    ),
    hints=(
        "Three things are written in app.py. Which of them would a new container miss, which can "
        "be made again at any time, and which does nobody need?",
        "The pictures belong into a backing service. In PostgreSQL: psycopg.connect(url), "
        "INSERT INTO pictures (name, svg) VALUES (%s, %s), SELECT name, svg FROM pictures.",
        "A container ends with its process, and the platform knows which that is: nobody reads "
        "shop.pid. The finished page can be made for each request, or kept in /tmp.",
        "`docker diff` still lists __pycache__? Python writes it when it imports app.py. A line "
        "ENV PYTHONDONTWRITEBYTECODE=1 in the Dockerfile turns that off; the lesson has one.",
    ),
)  # fmt: skip
