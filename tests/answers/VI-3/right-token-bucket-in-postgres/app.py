"""A shop with a bucket of tries for each user."""

import os
import time

import psycopg
from fastapi import Body, FastAPI, HTTPException
from psycopg_pool import ConnectionPool

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=1, max_size=10, open=True)

with pool.connection() as db:
    db.execute("SELECT pg_advisory_xact_lock(1)")
    db.execute("CREATE TABLE IF NOT EXISTS buckets (name text PRIMARY KEY, full_at float8)")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    now, each = time.time(), SECONDS / LIMIT
    with pool.connection() as db:
        db.execute("INSERT INTO buckets VALUES (%s, 0) ON CONFLICT DO NOTHING", (user,))
        row = db.execute("SELECT full_at FROM buckets WHERE name = %s FOR UPDATE", (user,))
        full_at = max(row.fetchone()[0], now) + each
        if full_at - now > SECONDS + 0.001:
            raise HTTPException(429, "too many tries")
        db.execute("UPDATE buckets SET full_at = %s WHERE name = %s", (full_at, user))
    return {"coupon": "not valid"}
