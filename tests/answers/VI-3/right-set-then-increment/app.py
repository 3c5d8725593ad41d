"""SET with an end, then INCR."""

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
    key = f"orders:{user}"
    store.set(key, 0, ex=WINDOW, nx=True)
    if store.incr(key) > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
