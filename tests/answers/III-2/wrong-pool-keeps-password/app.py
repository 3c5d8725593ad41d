import os
from pathlib import Path

from fastapi import Body, FastAPI
from psycopg_pool import ConnectionPool

url = Path(os.environ["DATABASE_URL_FILE"]).read_text()
pool = ConnectionPool(url, min_size=1, max_size=4, timeout=3, open=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with pool.connection() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
