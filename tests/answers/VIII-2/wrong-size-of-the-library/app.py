"""A shop whose orders share a few connections."""

import os

from fastapi import Body, FastAPI
from psycopg_pool import ConnectionPool

pool = ConnectionPool(os.environ["DATABASE_URL"], open=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with pool.connection() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    return {"sold": item}
