import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI

DATABASE_URL = Path(os.environ["DATABASE_URL_FILE"]).read_text()


def connect():
    try:
        return psycopg.connect(DATABASE_URL)
    except psycopg.OperationalError:
        os._exit(1)  # the platform starts us again, and then we read the new password


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with connect() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
