"""A shop that counts tries in its database."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
        db.execute("DELETE FROM counters WHERE name = %s AND ends <= now()", (user,))
        [count] = db.execute(
            "INSERT INTO counters AS c VALUES (%s, 1, 'infinity') "
            "ON CONFLICT (name) DO UPDATE SET count = c.count + 1 RETURNING count",
            (user,),
        ).fetchone()
        if count == 1:
            db.execute(
                "UPDATE counters SET ends = now() + make_interval(secs => %s) WHERE name = %s",
                (SECONDS, user),
            )
    if count > LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
