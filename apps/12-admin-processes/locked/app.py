"""A bank. Each replica migrates the tables when it starts."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException
from migrate import migrate

URL = os.environ["DATABASE_URL"]

migrate()

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
    return {"version": version}


@app.post("/payments")
def pay(owner: str = Body(), cents: int = Body()):
    with psycopg.connect(URL) as db:
        db.execute("INSERT INTO payments (owner, cents) VALUES (%s, %s)", (owner, cents))
    return {"cents": cents}
