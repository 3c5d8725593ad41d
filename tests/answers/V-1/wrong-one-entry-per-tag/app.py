"""A tool that keeps the releases of a shop, in Redis."""

import json
import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


def add(tag, image, config):
    number = store.incr("last")
    entry = {"release": number, "image": image, "config": config}
    store.hset("releases", tag, json.dumps({"tag": tag, **entry}))
    return entry


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return add(tag, image, config)


@app.get("/releases")
def history():
    entries = [json.loads(text) for text in store.hvals("releases")]
    return sorted(entries, key=lambda entry: entry["release"])


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            return add(old["tag"], old["image"], old["config"])
    raise HTTPException(404, "there is no such release")
