import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI

DATABASE_URL = Path(os.environ["DATABASE_URL_FILE"]).read_text()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    try:
        with psycopg.connect(DATABASE_URL) as db:
            db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
            count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    except psycopg.OperationalError as error:
        print("order not saved:", error)
        return {"orders": None}
    return {"orders": count}
