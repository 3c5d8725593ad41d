"""A shop that leaves its mails to a worker."""

import json
import os

import redis
from fastapi import Body, FastAPI

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def take(order: str = Body(embed=True)):
    store.rpush("jobs", json.dumps({"kind": "order", "order": order}))
    return {"ordered": order}
