"""The counter of visits lives in Redis. The app waits a third of a second for it, and once."""

import os

import redis
from fastapi import APIRouter, HTTPException
from redis.backoff import NoBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.3,
    socket_timeout=0.3,
    retry=Retry(NoBackoff(), 0),
)

pages = APIRouter()


@pages.post("/visits")
def visit():
    try:
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        raise HTTPException(503, "the counter is not available now")
