"""X-1: fix three queries."""

from factorlab.checks.contract import Contract, Request, Variable
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
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
)  # fmt: skip
