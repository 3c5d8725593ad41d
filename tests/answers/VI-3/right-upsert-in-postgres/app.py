"""A shop that counts tries in its database."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
COUNT = """
INSERT INTO counters AS c VALUES (%(name)s, 1, now() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET
    count = CASE WHEN c.ends <= now() THEN 1 ELSE c.count + 1 END,
    ends = CASE WHEN c.ends <= now() THEN excluded.ends ELSE c.ends END
RETURNING count
"""

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        [count] = db.execute(COUNT, {"name": user, "seconds": SECONDS}).fetchone()
    if count > LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
