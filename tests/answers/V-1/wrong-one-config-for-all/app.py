"""A tool that keeps the releases of a shop, in Redis."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)

app = FastAPI()


def add(image, config):
    if config:
        store.hset("config", mapping=config)
    number = store.rpush("releases", image)
    return {"release": number, "image": image, "config": config}


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return add(image, config)


@app.get("/releases")
def history():
    config = store.hgetall("config")
    return [
        {"release": number, "image": image, "config": config}
        for number, image in enumerate(store.lrange("releases", 0, -1), 1)
    ]


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            return add(old["image"], old["config"])
    raise HTTPException(404, "there is no such release")
