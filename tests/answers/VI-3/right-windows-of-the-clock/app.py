"""A shop that counts tries in Redis, in windows of the clock."""

import os
import time

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
    key = f"tries:{user}:{int(time.time() // SECONDS)}"
    with store.pipeline() as pipe:
        count, _ = pipe.incr(key).expire(key, 2 * SECONDS).execute()
    if count > LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
