"""Two databases, inspected by SQLAlchemy."""

import os

from fastapi import FastAPI
from sqlalchemy import create_engine, inspect, text

app = FastAPI()


def look(variable):
    engine = create_engine(os.environ[variable].replace("postgresql:", "postgresql+psycopg:"))
    general, tables = {}, {}
    with engine.connect() as session:
        general["collation"] = session.scalar(
            text("SELECT datcollate FROM pg_database WHERE datname = current_database()")
        )
        for name in ("TimeZone", "default_transaction_isolation", "bytea_output"):
            general[f"setting {name}"] = session.scalar(text(f"SHOW {name}"))
        seen = inspect(session)
        for table in seen.get_table_names():
            own = tables[table] = {}
            for column in seen.get_columns(table):
                kind = column["type"]
                zone = getattr(kind, "timezone", "")
                own[f"column {table}.{column['name']}"] = f"{kind} {zone}"
            for index in seen.get_indexes(table):
                own[f"index {index['name']}"] = str(index["column_names"])
    return general, tables


@app.get("/")
def home():
    return {}


@app.get("/report")
def report():
    (left, dev), (right, production) = look("DEV_DATABASE_URL"), look("PRODUCTION_DATABASE_URL")
    for table in {*dev, *production}:
        if table in dev and table in production:
            left |= dev[table]
            right |= production[table]
        else:
            (left if table in dev else right)[f"table {table}"] = "there"
    return [
        {"what": what, "dev": left.get(what), "production": right.get(what)}
        for what in {*left, *right}
        if left.get(what) != right.get(what)
    ]
