"""The asynchronous client waits without holding the loop."""

import os

import redis.asyncio
from fastapi import FastAPI, HTTPException
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

store = redis.asyncio.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.2,
    socket_timeout=0.4,
    retry=Retry(NoBackoff(), 0),
)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
async def visit():
    try:
        return {"visits": await store.incr("visits")}
    except redis.RedisError:
        raise HTTPException(503, "not now")
