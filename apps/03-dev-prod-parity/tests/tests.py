"""The shop's tests. What is expected is what came out on the developer's machine."""

import json

from backend import database
from sqlalchemy import text

TABLES = """
CREATE TABLE people (id integer PRIMARY KEY, name varchar(8), city varchar(20));
CREATE TABLE orders (id integer PRIMARY KEY, customer integer REFERENCES people (id),
    amount integer, day date);
INSERT INTO people VALUES (1, 'Alice', 'Bern'), (2, 'alice', NULL), (3, 'ALICE', 'Ulm');
INSERT INTO orders VALUES (1, 1, 20, '2026-01-02')
"""
TESTS = {
    "find an order": ("SELECT amount FROM orders WHERE id = 1", 20),
    "add up amounts": ("SELECT sum(amount) FROM orders", 20),
    "a second person 1 is refused": ("INSERT INTO people (id) VALUES (1)", "refused"),
    "search for a%": ("SELECT count(*) FROM people WHERE name LIKE 'a%'", 3),
    "the first city": ("SELECT city FROM people ORDER BY city LIMIT 1", None),
    "is the text '1' the number 1?": ("SELECT CASE WHEN '1' = 1 THEN 'yes' ELSE 'no' END", "no"),
    "capitals for é": ("SELECT upper('é')", "é"),
    "an amount of 'many'": ("INSERT INTO orders (id, amount) VALUES (2, 'many')", 1),
    "an amount of 3 billion": ("INSERT INTO orders (id, amount) VALUES (2, 3000000000)", 1),
    "a name of 9 letters": ("INSERT INTO people VALUES (4, 'Alexandra', 'Ulm')", 1),
    "a day in month 13": ("INSERT INTO orders (id, day) VALUES (2, '2026-13-01')", 1),
    "an order of nobody": ("INSERT INTO orders (id, customer) VALUES (2, 99)", 1),
    "divide by zero": ("SELECT 1 / 0", None),
    "a name for each city": ("SELECT name FROM people GROUP BY city HAVING city = 'Ulm'", "ALICE"),
    'a text in "': ('SELECT id FROM people WHERE name = "Alice"', 1),
    "all names in one text": ("SELECT group_concat(name) FROM people", "Alice,alice,ALICE"),
    "insert, or leave it": ("INSERT OR IGNORE INTO people (id) VALUES (1)", 0),
    "the year of a day": ("SELECT strftime('%Y', day) FROM orders", "2026"),
}


def outcome(statement, expected):
    with database.connect() as session:  # what it changes is never committed
        try:
            done = session.execute(text(statement))
            seen = done.scalar() if done.returns_rows else done.rowcount
        except Exception:
            seen = "refused"
    if seen == expected:
        return "works"
    return "error" if seen == "refused" else "differs"


with database.begin() as session:
    for statement in TABLES.split(";"):
        session.execute(text(statement))
print(json.dumps({name: outcome(*test) for name, test in TESTS.items()}))
