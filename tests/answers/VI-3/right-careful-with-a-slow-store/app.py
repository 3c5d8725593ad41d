"""Gives up on a store that stands still."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
WINDOW = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(user: str = Body(), item: str = Body()):
    try:
        with store.pipeline() as both:
            both.set(f"orders:{user}", 0, ex=WINDOW, nx=True)
            both.incr(f"orders:{user}")
            orders = both.execute()[1]
    except redis.RedisError:
        raise HTTPException(503, "try again soon") from None
    if orders > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
