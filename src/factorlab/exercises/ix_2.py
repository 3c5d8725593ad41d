"""IX-2: never lose a job."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        "A job must stay somewhere until its charge is committed. In Redis, blmove(\"jobs\", "
        "\"doing\", 0, \"LEFT\", \"RIGHT\") moves it to a second list in one step, and "
        "lrem(\"doing\", 1, job) takes it off. A worker that starts puts back what is in `doing`.",
        "A job that comes again may have been charged or not: the worker before could not say. "
        "Let the database answer: a key that is UNIQUE, and INSERT … ON CONFLICT (key) DO NOTHING.",
        "Looking in Redis whether a job was charged is a second book beside the bank's: a kill "
        "between the two leaves them different.",
    ),
)  # fmt: skip
