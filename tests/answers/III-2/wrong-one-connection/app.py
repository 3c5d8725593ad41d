import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI

URL = Path(os.environ["DATABASE_URL_FILE"]).read_text()
db = psycopg.connect(URL, autocommit=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
