"""A bank that says whether its tables are migrated, and leaves that to others."""

import os

import psycopg
from fastapi import FastAPI, HTTPException

URL = os.environ["DATABASE_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"bank": "open"}


@app.get("/ready")
def ready():
    with psycopg.connect(URL) as db:
        [version] = db.execute("SELECT version FROM schema_version").fetchone()
    if version < 2:
        raise HTTPException(503, "the tables are not migrated yet")
    return {"ready": True}
