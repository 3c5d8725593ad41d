"""A shop that opens its connections in the background, and says 503 until there are some."""

import os

import psycopg
import redis
from fastapi import Body, FastAPI, HTTPException
from psycopg_pool import ConnectionPool, PoolTimeout

pool = ConnectionPool(os.environ["DATABASE_URL"], open=False, timeout=1, min_size=1, max_size=4,
                      reconnect_timeout=600, kwargs={"autocommit": True})
pool.open(wait=False)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


def run(statement, *values):
    try:
        with pool.connection() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS orders (item text)")
            return connection.execute(statement, values)
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise HTTPException(503, "the database is not there yet") from error


@app.get("/")
def home():
    return {"orders": run("SELECT count(*) FROM orders").fetchone()[0], "visits": cache.incr("visits")}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    run("INSERT INTO orders VALUES (%s)", item)
    return {"sold": item}
