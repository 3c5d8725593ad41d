"""After a failure, Redis is not asked for half a minute."""

import os
import time

import redis
from fastapi import FastAPI, HTTPException
from redis.backoff import NoBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.3,
    socket_timeout=0.3,
    retry=Retry(NoBackoff(), 0),
)
closed_until = 0.0

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit():
    global closed_until
    if time.monotonic() < closed_until:
        raise HTTPException(503, "not now")
    try:
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        closed_until = time.monotonic() + 30
        raise HTTPException(503, "not now")
