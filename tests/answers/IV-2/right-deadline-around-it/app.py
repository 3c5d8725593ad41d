"""The call has a deadline around it, in a thread of its own."""

import asyncio
import os

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

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
async def visit():
    try:
        async with asyncio.timeout(0.5):
            return {"visits": await asyncio.to_thread(store.incr, "visits")}
    except (TimeoutError, redis.RedisError):
        raise HTTPException(503, "not now")
