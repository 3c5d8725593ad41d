import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI

FILE = Path(os.environ["DATABASE_URL_FILE"])

seen = None
url = None


def current_url():
    global seen, url
    changed = FILE.stat().st_mtime_ns
    if changed != seen:
        url = FILE.read_text().strip()
        seen = changed
    return url


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(current_url()) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
