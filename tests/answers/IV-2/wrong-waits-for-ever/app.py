"""The errors of Redis become a 503, whenever they come."""

import os

import redis
from fastapi import FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit():
    try:
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        raise HTTPException(503, "not now")
