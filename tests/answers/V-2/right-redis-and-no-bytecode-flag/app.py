"""A catalog of teas with their pictures, in Redis."""

import os

import redis
from fastapi import Body, FastAPI, Response

store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
app = FastAPI()


@app.post("/pictures", status_code=201)
def add(name: str = Body(), svg: str = Body()):
    store.hset("pictures", name, svg)
    return {}


@app.get("/catalog")
def catalog():
    parts = [f"<h2>{name}</h2>{svg}" for name, svg in store.hgetall("pictures").items()]
    return Response("".join(parts), media_type="text/html")
