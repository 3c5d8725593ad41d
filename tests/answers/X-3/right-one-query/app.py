"""One query that lists all there is; what is in one list only has changed."""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()

ALL = """
    SELECT '', 'collation', datcollate::text FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT '', 'setting ' || name, current_setting(name) FROM pg_settings
        WHERE name IN ('TimeZone', 'default_transaction_isolation', 'bytea_output')
    UNION ALL SELECT '', 'table ' || tablename, 'yes' FROM pg_tables WHERE schemaname = 'public'
    UNION ALL SELECT relname, 'column ' || relname || '.' || attname,
        format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0
        AND NOT attisdropped
    UNION ALL SELECT tablename, 'index ' || indexname, md5(indexdef) FROM pg_indexes
        WHERE schemaname = 'public'
"""


def read(url):
    with psycopg.connect(url) as database:
        return set(database.execute(ALL).fetchall())


@app.get("/")
def home():
    return {}


@app.get("/report")
def report():
    dev, production = read(os.environ["DEV_DATABASE_URL"]), read(os.environ["PRODUCTION_DATABASE_URL"])
    lonely = {row[1].removeprefix("table ") for row in dev ^ production if row[1].startswith("table ")}
    entries = {}
    for side, rows in (("dev", dev - production), ("production", production - dev)):
        for table, what, value in rows:
            if table not in lonely:
                entries.setdefault(what, {"what": what, "dev": None, "production": None})[side] = value
    return list(entries.values())
