"""A shop that counts tries in its database."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
COUNT = """
INSERT INTO counters AS c VALUES (%(name)s, 1, now() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET count = c.count + 1
"""

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        row = db.execute(
            "SELECT count FROM counters WHERE name = %s AND ends > now()", (user,)
        ).fetchone()
        if row and row[0] >= LIMIT:
            raise HTTPException(429, "too many tries")
        if row is None:
            db.execute("DELETE FROM counters WHERE name = %s AND ends <= now()", (user,))
        db.execute(COUNT, {"name": user, "seconds": SECONDS})
    return {"coupon": "not valid"}
