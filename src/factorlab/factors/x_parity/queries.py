"""X. Dev/prod parity: three queries that came from SQLite, held to their specification on the
database of production."""

import json
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from factorlab.errors import NoAnswer
from factorlab.lab import Lab, Postgres
from factorlab.questions.deploys import deploy, fill, json_list
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

PRODUCTS, CUSTOMERS, ORDERS, CHEAPEST = 3000, 40, 50, 20
LEFT_MOST = 300
"""Rows that may leave the database for three answers of about 70 entries."""
_COUNT = (
    "SELECT coalesce(sum(rows), 0) FROM pg_stat_statements "
    "WHERE userid = (SELECT oid FROM pg_roles WHERE rolname = 'shop')"
)
Entries = list[tuple[object, ...]]


@dataclass(frozen=True)
class Answer:
    """One query: what it must give, what came, or in words why nothing came."""

    expected: Entries
    seen: Entries
    fault: str

    @property
    def right(self) -> bool:
        return not self.fault and self.seen == self.expected


@dataclass(frozen=True)
class Asked:
    """The three answers, and how many rows left the database for them."""

    answers: dict[str, Answer]
    left: int
    log: str


def _ask(lab: Lab, subject: Subject) -> Asked:
    """One deploy and one set of random rows for all questions about an answer."""
    config = fill(lab, subject, "queries")
    database = config.database
    assert database is not None, "the contract names a PostgreSQL"
    database.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
    database.stop()
    database.start()
    database.query("CREATE EXTENSION pg_stat_statements", seconds=60)
    app = deploy(lab, subject, config)
    begins, wanted = _plant(database)
    database.query("SELECT pg_stat_statements_reset()")
    asks: dict[str, tuple[str, dict[str, str], Sequence[str]]] = {
        "search": ("/products", {"begins": begins}, ()),
        "prices": ("/prices", {}, ("name", "price")),
        "latest": ("/latest", {}, ("customer", "product", "day")),
    }
    answers = {}
    for name, (path, params, keys) in asks.items():
        try:
            reply = app.get(path, params=params, seconds=60)
            seen, fault = _entries(reply.text, keys)
            if not reply.is_success:
                fault = f"it answered {reply.status_code}"
        except NoAnswer:
            seen, fault = [], "it did not answer"
        answers[name] = Answer(wanted[name], seen, fault)
    [[left]] = database.query(_COUNT)
    return Asked(answers, int(left), app.logs(tail=12))


def _entries(text: str, keys: Sequence[str]) -> tuple[Entries, str]:
    """The entries of an answer as tuples; and what is wrong with its form, if anything."""
    data = json_list(text)
    if data is None:
        return [], "its answer is no list in JSON"
    if not keys:
        return [(one if isinstance(one, str) else json.dumps(one),) for one in data], ""
    for one in data:
        if not isinstance(one, dict) or not set(keys) <= set(one):
            return [], f"an entry does not have {', '.join(keys)}"
    return [tuple(one[key] for key in keys) for one in data], ""


def _plant(database: Postgres) -> tuple[str, dict[str, Entries]]:
    """Fill both tables with random rows; the text to search for, and what each query must give."""
    dice = random.Random(secrets.randbits(64))

    def word(length: int) -> str:
        return "".join(dice.choice("abcdefghij") for _ in range(length))

    begins = "k" + word(5)
    named = [begins + word(3), begins.upper() + word(3), begins.capitalize() + word(3).upper()]
    names = [word(9) for _ in range(PRODUCTS - len(named) - 1)] + [*named, "x" + begins]
    dice.shuffle(names)
    prices: list[int | None] = [dice.randrange(100, 900) for _ in names]
    for place in dice.sample(range(PRODUCTS), 5):
        prices[place] = None
    products = [
        (n, name, price) for n, (name, price) in enumerate(zip(names, prices, strict=True), 1)
    ]
    orders, latest = [], []
    for customer in sorted({word(8) for _ in range(CUSTOMERS)}):
        days = dice.sample(range(1000), ORDERS)
        made = [
            (customer, dice.randrange(1, PRODUCTS), str(date(2024, 1, 1) + timedelta(days=day)))
            for day in days
        ]
        orders += made
        latest.append(max(made, key=lambda one: one[2]))
    dice.shuffle(orders)
    _insert(database, "products (id, name, price)", "int, text, int", products)
    rows = [(n, *order) for n, order in enumerate(orders, 1)]
    _insert(database, "orders (id, customer, product, day)", "int, text, int, date", rows)
    cheap = sorted(products, key=lambda one: (one[2] is not None, one[2] or 0, one[0]))
    return begins, {
        "search": [(name,) for name in names if name.lower().startswith(begins)],
        "prices": [(name, price) for _, name, price in cheap[:CHEAPEST]],
        "latest": list(latest),
    }


def _insert(database: Postgres, table: str, types: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert many rows in one statement."""
    columns = ", ".join(f"c{n} {kind.strip()}" for n, kind in enumerate(types.split(",")))
    data = json.dumps([{f"c{n}": value for n, value in enumerate(row)} for row in rows])
    database.query(
        f"INSERT INTO {table} SELECT * FROM json_to_recordset(%s::json) AS rows ({columns})",
        data,
        seconds=60,
    )


def _judge(lab: Lab, subject: Subject, name: str) -> Finding:
    queried = subject.once(_ask, lab)
    one = queried.answers[name]
    same = 0
    for expected, seen in zip(one.expected, one.seen, strict=False):
        if expected != seen:
            break
        same += 1
    columns = ("place", "expected", "seen")
    longest = max(len(one.expected), len(one.seen))
    rows = [
        (place + 1, _entry_text(one.expected, place), _entry_text(one.seen, place))
        for place in range(same, min(same + 5, longest))
    ]
    count = len(one.expected)
    return Finding(
        judged(one.right),
        expected=f"{count} entries, all as specified",
        seen=one.fault
        or (
            f"{count} entries, all as specified"
            if one.right
            else f"{_entries_of(len(one.seen))}; the first {same} as specified"
        ),
        columns=columns,
        rows=[] if one.right else rows,
        log=queried.log if one.fault else "",
    )


def _entries_of(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _entry_text(entries: Entries, place: int) -> str:
    if place >= len(entries):
        return "nothing"
    return ", ".join("none" if value is None else str(value) for value in entries[place])


_PLANTED = f"The tables get {PRODUCTS} random products and about {CUSTOMERS * ORDERS} orders. "


@question(
    "search-matches-specification",
    factor="X",
    text="Does the search find what the specification says, on PostgreSQL 15?",
    how=_PLANTED + "GET /products asks for letters that three names begin with: small, in "
    "capitals, mixed. The answer must hold these three, in the order of id.",
    remedy="LIKE is not the same on both databases. Compare lower(name), or use ILIKE; and say the "
    "order, which nobody guarantees otherwise.",
)
def search_matches(lab: Lab, subject: Subject) -> Finding:
    """Names are random letters without `%` and `_`."""
    return _judge(lab, subject, "search")


@question(
    "prices-match-specification",
    factor="X",
    text="Is the price list in the order that the specification says, on PostgreSQL 15?",
    how=_PLANTED
    + f"GET /prices must give the first {CHEAPEST}: the five without a price, then the "
    "cheapest; those with the same price in the order of id.",
    remedy="where do rows without a value stand in an ORDER BY? SQLite puts them first, PostgreSQL "
    "last; NULLS FIRST says it for both.",
)
def prices_match(lab: Lab, subject: Subject) -> Finding:
    """Many prices are equal, so that the second key of the order counts."""
    return _judge(lab, subject, "prices")


@question(
    "latest-matches-specification",
    factor="X",
    text="Does each customer's last order come out, on PostgreSQL 15?",
    how=_PLANTED
    + "GET /latest must give one entry for each customer, in the order of their names: "
    "the order with the latest day.",
    remedy="a column that is neither grouped nor counted has no one value in a group. DISTINCT ON, "
    "a window (row_number), or a join with max(day) says which row is meant.",
)
def latest_matches(lab: Lab, subject: Subject) -> Finding:
    """No customer has two orders on one day."""
    return _judge(lab, subject, "latest")


@question(
    "rows-stay-in-the-database",
    factor="X",
    text="Does the database do the searching, and not the app?",
    how=_PLANTED + "After the three requests, the database itself is asked how many rows it has "
    f"handed out to the app. That must be at most {LEFT_MOST}, and each request must be answered "
    "with entries.",
    remedy="leave the choosing to the statement (WHERE, ORDER BY, LIMIT): a table of production has "
    "more rows than an app has memory.",
)
def rows_stay(lab: Lab, subject: Subject) -> Finding:
    """Counted by pg_stat_statements, on the side of the database."""
    queried = subject.once(_ask, lab)
    answered = sum(bool(one.seen) and not one.fault for one in queried.answers.values())
    few = queried.left <= LEFT_MOST
    return Finding(
        judged(few and answered == len(queried.answers)),
        expected=f"at most {LEFT_MOST} rows handed out, and 3 of 3 requests answered with entries",
        seen=f"{'at most' if few else 'more than'} {LEFT_MOST} rows handed out, and {answered} of 3 "
        "requests answered with entries",
        columns=("request", "entries", "what is wrong"),
        rows=[(n, len(one.seen), one.fault or "nothing") for n, one in queried.answers.items()],
        log=queried.log if answered < len(queried.answers) else "",
    )
