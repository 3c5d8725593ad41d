"""A shop whose orders share a few connections."""

import os

from fastapi import Body, FastAPI
from psycopg_pool import ConnectionPool

SHARE = int(os.environ["DATABASE_CONNECTIONS"])
pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=SHARE, open=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    db = pool.getconn()
    db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    db.commit()
    pool.putconn(db)
    return {"sold": item}
