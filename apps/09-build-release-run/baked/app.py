"""A tea shop. Its currency and its store come from the environment."""

import os

import redis
from fastapi import Body, FastAPI

VERSION = "1.2.3"
PRICE = 4
CURRENCY = os.environ["CURRENCY"]
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)

app = FastAPI()


@app.get("/")
def home():
    return {"version": VERSION, "tea": f"{PRICE} {CURRENCY}"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    store.rpush("orders", item)
    return {"item": item, "price": f"{PRICE} {CURRENCY}"}


@app.get("/orders")
def orders():
    return {"currency": CURRENCY, "orders": store.lrange("orders", 0, -1)}
