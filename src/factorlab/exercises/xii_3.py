"""XII-3: a report as a one-off."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="XII-3",
    files=("report.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"),),
        read=Request("GET", "/"),
        write=Request("POST", "/"),
        commands={"report": ("python", "report.py")},
        schema="CREATE TABLE orders (id serial PRIMARY KEY, day date NOT NULL, item text NOT NULL, "
        "pieces int NOT NULL, cents int NOT NULL); "
        "CREATE TABLE reports (day date NOT NULL, made timestamptz NOT NULL)",
    ),
    tasks=(
        Task("data-on-stdout", "Standard output is the report, and nothing else",
             "report-is-data", 2),
        Task("an-empty-day", "A day without orders is a report too", "empty-day-is-a-report", 1),
        Task("failures-show", "A report that cannot be made says so", "failure-is-told", 3),
        Task("only-reads", "Somebody who may only read can make it", "report-changes-nothing", 2),
    ),
    hints=(
        "Imagine `python report.py 2026-03-11 > report.csv` at night, without you. What is in the "
        "file when all goes well, and what when the database is down? What does the exit code say?",
        "print(…, file=sys.stderr) is for people, sys.stdout for data. Which lines of the starter "
        "are which? csv.writer(sys.stdout).writerow([…]) quotes a comma in a name.",
        "`except Exception` followed by nothing but a print turns each failure into exit code 0. "
        "Without it, Python prints the traceback to standard error and ends with 1.",
        "Get all rows with .fetchall() before you write the header: a day that does not exist is "
        "found by the database, and by then the header would be out.",
    ),
)  # fmt: skip
