import os
from functools import cache
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI


@cache
def database_url():
    return Path(os.environ["DATABASE_URL_FILE"]).read_text().strip()


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(database_url()) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
