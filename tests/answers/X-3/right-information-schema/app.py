"""Two databases, compared by the standard's views."""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()

TYPES = """
    SELECT c.table_name, column_name, concat_ws(' ', data_type, character_maximum_length,
        numeric_precision, numeric_scale, datetime_precision)
    FROM information_schema.columns AS c JOIN information_schema.tables AS t
    USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


@app.get("/")
def home():
    return "ready"


@app.get("/report")
def report():
    with (
        psycopg.connect(os.environ["DEV_DATABASE_URL"]) as dev,
        psycopg.connect(os.environ["PRODUCTION_DATABASE_URL"]) as production,
    ):
        entries = []

        def compare(what, left, right):
            if left != right:
                entries.append({"what": what, "dev": left, "production": right})

        def both(statement):
            return [database.execute(statement).fetchall() for database in (dev, production)]

        [[left]], [[right]] = both(
            "SELECT datcollate FROM pg_database WHERE datname = current_database()"
        )
        compare("collation", left, right)
        for name in ("TimeZone", "default_transaction_isolation", "bytea_output"):
            [[left]], [[right]] = both(f"SHOW {name}")
            compare(f"setting {name}", left, right)
        here, there = both(TYPES)
        mine, yours = {row[0] for row in here}, {row[0] for row in there}
        for table in mine ^ yours:
            compare(f"table {table}", "yes" if table in mine else None, "yes" if table in yours else None)
        left = {row[:2]: row[2] for row in here if row[0] in mine & yours}
        right = {row[:2]: row[2] for row in there if row[0] in mine & yours}
        for key in left.keys() | right.keys():
            compare("column " + ".".join(key), left.get(key), right.get(key))
        here, there = both("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        left = {row[1]: row[2] for row in here if row[0] in mine & yours}
        right = {row[1]: row[2] for row in there if row[0] in mine & yours}
        for key in left.keys() | right.keys():
            compare("index " + key, left.get(key), right.get(key))
        return entries
