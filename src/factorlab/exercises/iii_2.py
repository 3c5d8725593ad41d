"""III-2: rotate a password without a restart."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="III-2",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("DATABASE_URL_FILE", "postgres-file"),),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
        schema="CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)",
    ),
    tasks=(
        Task("reads-the-mounted-file", "It takes the database's URL from the mounted file",
             "serves-from-mounted-file", 1),
        Task("survives-rotation", "It goes on after the password was changed",
             "survives-rotation", 3),
        Task("nobody-is-cut-off", "The process stays, and so do its requests",
             "rotates-without-restart", 2),
    ),
    hints=(
        "When does the starter read the file: once, or each time it needs the password? Which of "
        "the two can notice that the file was replaced?",
        "The code outside of functions runs once, when the program starts. The code inside "
        "order() runs for every request.",
        "Write a function database_url() that reads the file, and call it inside order(), where "
        "the connection is made. Reading a file of 60 bytes costs a few microseconds.",
    ),
)  # fmt: skip
