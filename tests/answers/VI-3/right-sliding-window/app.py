"""The times of the last orders, in a sorted set."""

import os
import time
import uuid

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
WINDOW = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(user: str = Body(), item: str = Body()):
    key, now = f"orders:{user}", time.time()
    with store.pipeline() as all_at_once:
        all_at_once.zremrangebyscore(key, 0, now - WINDOW)
        all_at_once.zadd(key, {str(uuid.uuid4()): now})
        all_at_once.zcard(key)
        all_at_once.expire(key, WINDOW)
        orders = all_at_once.execute()[2]
    if orders > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
