"""A shop that leaves its mails to a worker."""

import json
import os
import threading
import time

import redis
from fastapi import Body, FastAPI

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


def digests():
    while True:
        time.sleep(float(os.environ["TICK_SECONDS"]))
        if store.set("tick", 1, nx=True, px=900):
            store.rpush("jobs", json.dumps({"kind": "digest"}))

threading.Thread(target=digests, daemon=True).start()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def take(order: str = Body(embed=True)):
    store.rpush("jobs", json.dumps({"kind": "order", "order": order}))
    return {"ordered": order}
