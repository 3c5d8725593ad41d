"""A shop that finds its database by a URL from the environment."""

import os

import psycopg
from fastapi import Body, FastAPI

import receipts
import visits

DATABASE = os.environ["DATABASE_URL"]

app = FastAPI()
app.include_router(receipts.pages)
app.include_router(visits.pages)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/orders")
def count():
    with psycopg.connect(DATABASE) as db:
        return {"orders": db.execute("SELECT count(*) FROM orders").fetchone()[0]}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
