"""A shop with its database inside: a file in the container."""

import sqlite3

from fastapi import Body, FastAPI

DATABASE = "/tmp/orders.db"

app = FastAPI()


def connect():
    db = sqlite3.connect(DATABASE)
    db.execute("CREATE TABLE IF NOT EXISTS orders (item TEXT NOT NULL)")
    return db


@app.get("/orders")
def count():
    with connect() as db:
        return {"orders": db.execute("SELECT count(*) FROM orders").fetchone()[0]}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with connect() as db:
        db.execute("INSERT INTO orders (item) VALUES (?)", [item])
    return {"ordered": item}
