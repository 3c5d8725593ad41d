"""A shop that takes its config from mounted files."""

import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI

DATABASE_URL = Path(os.environ["DATABASE_URL_FILE"]).read_text()
GREETING = os.environ["GREETING"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": GREETING}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
