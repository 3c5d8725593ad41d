"""X-1: fix three queries."""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.spec import Spec, Task

X_1 = Spec(
    id="X-1",
    files=("app.py",),
    contract=Contract(
        variables=(Variable("DATABASE_URL", "postgres"),),
        read=Request("GET", "/"),
        write=Request("POST", "/products", {"name": "tea"}),
        schema="CREATE TABLE products (id integer PRIMARY KEY, name text NOT NULL, price integer);"
        "CREATE TABLE orders (id integer PRIMARY KEY, customer text NOT NULL,"
        " product integer NOT NULL, day date NOT NULL)",
    ),
    tasks=(
        Task("search", "The search finds every case", "search-matches-specification", 2),
        Task("prices", "The price list is in order", "prices-match-specification", 2),
        Task("latest", "Each customer's last order", "latest-matches-specification", 3),
        Task("few-rows", "The database does the work", "rows-stay-in-the-database", 2),
    ),
    hints=(
        "Which of the three answers, on PostgreSQL, with status 500? Its log, shown below a failed "
        "check, holds PostgreSQL's own words. The other two are wrong without a word.",
        "For the search: lower(name) LIKE lower(:begins), or name ILIKE :begins. An order that "
        "no ORDER BY names is luck.",
        "For the prices: ORDER BY price NULLS FIRST, id. Both databases understand it.",
        "For the last orders: PostgreSQL has SELECT DISTINCT ON (customer) customer, product, day "
        "FROM orders. It keeps the first row of each customer, so the ORDER BY must begin with "
        "customer and then say which row comes first.",
        "If you choose in Python, all rows travel to the app: 3000 products for three names. "
        "Let the statement choose.",
    ),
)

X_2 = Spec(
    id="X-2",
    files=("compose.yaml", "app.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/orders", {"item": "tea"}),
    ),
    tasks=(
        Task(
            "from-nothing-to-ready",
            "From nothing to ready, three times in a row",
            "stack-comes-up-from-nothing",
            4,
        ),
        Task(
            "credentials-outside", "The credentials come from outside", "no-credentials-in-image", 2
        ),
        Task("versions-fixed", "The versions are fixed", "image-versions-are-fixed", 1),
    ),
    hints=(
        "Start with the database: what does its log say in the lesson? An entry `environment` of "
        "the service db sets its variables.",
        "The URL needs user and password: postgresql://shop:${DB_PASSWORD}@db/shop. With "
        "POSTGRES_USER=shop, the image makes the user shop and a database of the same name.",
        "A healthcheck has a test (pg_isready), an interval (1s) and a number of retries. With "
        "retries: 3 and interval: 1s, a database that takes four seconds counts as unhealthy.",
        "Below depends_on, write db: and below that condition: service_healthy, each line "
        "indented by two more spaces. Or let the app ask again: while True, try, time.sleep.",
        "Look into the Dockerfile: COPY . . takes every file of the folder into the image.",
    ),
)

X_3 = Spec(
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
)
