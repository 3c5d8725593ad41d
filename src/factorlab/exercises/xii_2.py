"""XII-2: rename a column while both versions serve."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.answers import starter
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
        Task("expand", "After the first step, version 1 serves as before",
             "expand-breaks-nobody", 2),
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
)  # fmt: skip
