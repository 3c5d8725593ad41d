"""A tool that keeps the releases of a shop, in Redis."""

import json
import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


def add(image, config):
    number = store.rpush("releases", json.dumps({"image": image, "config": config}))
    return {"release": number, "image": image, "config": config}


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return add(image, config)


@app.get("/releases")
def history():
    entries = [json.loads(text) for text in store.lrange("releases", 0, -1)]
    return [{"release": number, **entry} for number, entry in enumerate(entries, 1)]


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            store.set("current", to)
            return old
    raise HTTPException(404, "there is no such release")
