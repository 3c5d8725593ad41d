"""XII-1: migrate once."""

from factorlab.course import starter
from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

XII_1 = Spec(
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
        Task(
            "replicas-wait",
            "The replicas are up, not ready, and change nothing",
            "replicas-wait-for-migration",
            2,
        ),
        Task(
            "one-off-migrates",
            "A one-off migrates, and the replicas become ready",
            "one-off-migrates",
            2,
        ),
        Task(
            "two-at-once",
            "Two one-offs at the same time change the data once",
            "two-at-once-migrate-once",
            3,
        ),
        Task(
            "killed-half-way",
            "A migration that was killed half-way is done right by the next",
            "killed-half-way",
            2,
        ),
    ),
    hints=(
        "Which line of app.py changes the tables, and how often does it run when three replicas "
        "start? What would app.py have to know for /ready, and when could that change?",
        "Take the migration out of app.py. GET /ready reads schema_version at each request and "
        'raises HTTPException(503, "not migrated") while it is below 2. GET / does not look.',
        "Two one-offs look at the version before either changes it. A lock makes the second wait "
        'before it looks: db.execute("SELECT pg_advisory_xact_lock(1)") as the first statement '
        "of the transaction, or a look that locks: SELECT version FROM schema_version FOR UPDATE.",
        "With autocommit=True, each statement is kept at once, and a kill between two of them "
        "leaves one without the other. Without it, `with psycopg.connect(…) as db:` is one "
        "transaction: both changes are kept at its end, or none. An advisory lock whose name has "
        "xact in it is given up at the end of the transaction too.",
    ),
)

XII_2 = Spec(
    id="XII-2",
    files=("app.py", "expand.sql", "contract.sql", "migrate.py", "Dockerfile"),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"),),
        read=Request("GET", "/"),
        write=Request("POST", "/customers", {"name": "Mia"}),
        commands={
            "expand": ("python", "migrate.py", "expand"),
            "contract": ("python", "migrate.py", "contract"),
        },
        schema="CREATE TABLE customers (id serial PRIMARY KEY, fullname text NOT NULL)",
        previous=starter("XII-2"),
    ),
    tasks=(
        Task(
            "expand", "After the first step, version 1 serves as before", "expand-breaks-nobody", 2
        ),
        Task("both", "Both versions serve, and see the same names", "both-versions-agree", 3),
        Task("contract", "After the last step, the old name is gone", "contract-ends-it", 2),
    ),
    hints=(
        "Which of the two versions is running when expand.sql is carried out, and which column "
        "does it ask for? Which of them is running when contract.sql is?",
        "Expand: ALTER TABLE customers ADD COLUMN name text, without NOT NULL, since version 1 "
        "writes no name; then UPDATE fills it for the rows from before, and ALTER COLUMN fullname "
        "DROP NOT NULL lets version 2 leave out the other one. Contract drops the old column.",
        "New rows and changes of one version must reach the other, in both directions, as long as "
        "both run. A trigger BEFORE INSERT OR UPDATE … FOR EACH ROW sees NEW and OLD, and can "
        "copy the column that was written into the one that was not.",
        "In the trigger: at an INSERT, NEW.name := coalesce(NEW.name, NEW.fullname), and the same "
        "the other way around. At an UPDATE (TG_OP = 'UPDATE'), copy from the column that IS "
        "DISTINCT FROM its OLD value. The trigger goes in contract.sql, before the column.",
        "Without a trigger: a view that shows both names for one column, as SELECT id, fullname, "
        "fullname AS name, can be read and written like a table. The table needs another name "
        "for as long as the view has its own.",
    ),
)

XII_3 = Spec(
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
        Task(
            "data-on-stdout", "Standard output is the report, and nothing else", "report-is-data", 2
        ),
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
)
