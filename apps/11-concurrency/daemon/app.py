"""A shop that writes down which reports are wanted, for its workers."""

import json
import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/reports/{name}")
async def order(name: str, seed: int = Body(), rounds: int = Body()):
    store.rpush("jobs", json.dumps([name, seed, rounds]))
    return {"ordered": name}


@app.get("/reports/{name}")
def report(name: str):
    if (result := store.get(f"report:{name}")) is None:
        raise HTTPException(404, "not yet")
    return {"result": int(result)}
