"""A tool that keeps the releases of a shop, in Redis."""

import json
import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


def newest(tag):
    return store.hget("images", tag).decode()


def add(tag, config):
    number = store.rpush("releases", json.dumps({"tag": tag, "config": config}))
    return {"release": number, "image": newest(tag), "config": config}


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    store.hset("images", tag, image)
    return add(tag, config)


@app.get("/releases")
def history():
    entries = [json.loads(text) for text in store.lrange("releases", 0, -1)]
    return [
        {"release": number, "image": newest(entry["tag"]), **entry}
        for number, entry in enumerate(entries, 1)
    ]


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            return add(old["tag"], old["config"])
    raise HTTPException(404, "there is no such release")
