"""A tool that keeps the releases of a shop, in Redis."""

import itertools
import json
import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

numbers = itertools.count(1)

app = FastAPI()


def add(image, config):
    entry = {"release": next(numbers), "image": image, "config": config}
    store.rpush("releases", json.dumps(entry))
    return entry


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return add(image, config)


@app.get("/releases")
def history():
    return [json.loads(text) for text in store.lrange("releases", 0, -1)]


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            return add(old["image"], old["config"])
    raise HTTPException(404, "there is no such release")
