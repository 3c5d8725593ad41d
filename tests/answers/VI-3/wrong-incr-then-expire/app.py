"""A shop that counts tries in Redis."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    count = store.incr(f"tries:{user}")
    if count == 1:
        store.expire(f"tries:{user}", SECONDS)
    if count > LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
