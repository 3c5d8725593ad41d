"""Compares two databases and reports how they differ."""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()

SETTINGS = ("TimeZone", "default_transaction_isolation", "bytea_output")
COLLATION = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
COLUMNS = """
    SELECT relname, attname, format_type(atttypid, NULL)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND attnum > 0 AND NOT attisdropped
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"


def facts(url):
    """What a database is made of: (table, what) -> value; the table is empty for the rest."""
    with psycopg.connect(url) as database:
        [collation] = database.execute(COLLATION).fetchone()
        found = {("", "collation"): collation}
        for name in SETTINGS:
            [value] = database.execute("SELECT current_setting(%s)", (name,)).fetchone()
            found["", f"setting {name}"] = value
        for table, column, kind in database.execute(COLUMNS):
            found["", f"table {table}"] = table
            found[table, f"column {table}.{column}"] = kind
        for table, index, definition in database.execute(INDEXES):
            found[table, f"index {index}"] = definition
    return found


@app.get("/")
def home():
    return {"ready": True}


@app.get("/report")
def report():
    dev = facts(os.environ["DEV_DATABASE_URL"])
    production = facts(os.environ["PRODUCTION_DATABASE_URL"])
    common = {table for table, _ in dev} & {table for table, _ in production}
    return [
        {"what": key[1], "dev": dev.get(key), "production": production.get(key)}
        for key in sorted({*dev, *production})
        if key[0] in common and dev.get(key) != production.get(key)
    ]
