"""A shop that leaves its mails to a worker."""

import json
import os
import threading

import httpx
import redis
from fastapi import Body, FastAPI

store = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None)

app = FastAPI()


def work():
    while True:
        _, job = store.blpop("jobs")
        httpx.post(os.environ["MAIL_URL"] + "/mails", json=json.loads(job), timeout=120)


threading.Thread(target=work, daemon=True).start()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def take(order: str = Body(embed=True)):
    store.rpush("jobs", json.dumps({"kind": "order", "order": order}))
    return {"ordered": order}
