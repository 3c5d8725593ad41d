"""A shop that opens its database and its cache when it starts."""

import os
import time

import psycopg
import redis
from fastapi import Body, FastAPI



def connect():
    wait = 0.5
    while True:
        try:
            return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        except psycopg.OperationalError as error:
            print(error, flush=True)
            time.sleep(wait)
            wait = min(wait * 2, 5)


database = connect()
database.execute("CREATE TABLE IF NOT EXISTS orders (item text)")
cache = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    [orders] = database.execute("SELECT count(*) FROM orders").fetchone()
    return {"orders": orders, "visits": cache.incr("visits")}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    database.execute("INSERT INTO orders VALUES (%s)", (item,))
    return {"sold": item}
