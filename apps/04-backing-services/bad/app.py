"""A shop that knows where its database is."""

import psycopg
from fastapi import Body, FastAPI

import receipts
import visits

DATABASE = "postgresql://shop:old-secret@old:5432/shop"

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
