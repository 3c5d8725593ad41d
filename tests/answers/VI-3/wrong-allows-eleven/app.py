"""Counts from zero."""

import os

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
    with store.pipeline() as both:
        both.set(f"orders:{user}", 0, ex=WINDOW, nx=True)
        both.incr(f"orders:{user}")
        orders = both.execute()[1] - 1
    if orders > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
