"""A script in Redis counts."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
WINDOW = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
COUNT = store.register_script("""
local orders = redis.call('INCR', KEYS[1])
if orders == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return orders
""")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(user: str = Body(), item: str = Body()):
    if COUNT(keys=[f"orders:{user}"], args=[WINDOW]) > LIMIT:
        raise HTTPException(429, "too many orders")
    return {"sold": item}
