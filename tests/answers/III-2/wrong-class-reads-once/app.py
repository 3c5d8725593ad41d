import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI


class Database:
    def __init__(self, path):
        self.url = Path(path).read_text().strip()

    def connect(self):
        return psycopg.connect(self.url)


database = Database(os.environ["DATABASE_URL_FILE"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with database.connect() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
