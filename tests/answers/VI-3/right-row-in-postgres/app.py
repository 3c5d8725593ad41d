"""One statement in PostgreSQL counts."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
WINDOW = int(os.environ["WINDOW_SECONDS"])
DATABASE_URL = os.environ["DATABASE_URL"]
COUNT = """
INSERT INTO windows VALUES (%s, 1, now() + make_interval(secs => %s))
ON CONFLICT (username) DO UPDATE SET
    orders = CASE WHEN windows.ends < now() THEN 1 ELSE windows.orders + 1 END,
    ends = CASE WHEN windows.ends < now() THEN excluded.ends ELSE windows.ends END
RETURNING orders
"""

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(user: str = Body(), item: str = Body()):
    with psycopg.connect(DATABASE_URL) as db:
        orders = db.execute(COUNT, [user, WINDOW]).fetchone()[0]
    if orders > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
