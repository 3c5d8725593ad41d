"""X-3: a parity report."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="X-3",
    files=("app.py",),
    contract=Contract(
        variables=(
            Variable("DEV_DATABASE_URL", "postgres"),
            Variable("PRODUCTION_DATABASE_URL", "postgres"),
        ),
        read=Request("GET", "/"),
        write=Request("POST", "/report"),
    ),
    tasks=(
        Task("database", "Collation and settings", "report-names-the-database", 2),
        Task("tables", "Tables and columns", "report-names-the-tables", 3),
        Task("indexes", "Indexes", "report-names-the-indexes", 2),
        Task("quiet", "Nothing where nothing differs", "report-is-quiet", 1),
    ),
    hints=(
        "Whose names does the starter go through? What does it say of a column that only "
        "production has? And of varchar(40) and varchar(60)?",
        "Make one dictionary of each side, from `what` to value, and compare the two: "
        "for what in sorted({*dev, *production}) with dev.get(what).",
        "Collation: SELECT datcollate FROM pg_database WHERE datname = current_database(). "
        "A setting: SELECT current_setting('TimeZone').",
        "Types: SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod) FROM "
        "pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relkind = 'r' AND "
        "relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped.",
        "Indexes: SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = "
        "'public'. Leave out the columns and indexes of tables that one side does not have.",
    ),
)  # fmt: skip
