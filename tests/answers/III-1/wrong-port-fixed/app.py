import os

import psycopg
from fastapi import Body, FastAPI

DATABASE_URL = os.environ["DATABASE_URL"]
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
