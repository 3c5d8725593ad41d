"""The counter of visits lives in Redis. The app waits for it as long as it takes."""

import os

import redis
from fastapi import APIRouter, HTTPException
from redis.backoff import NoBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=None,
    socket_timeout=None,
    retry=Retry(NoBackoff(), 0),
)

pages = APIRouter()


@pages.post("/visits")
def visit():
    try:
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        raise HTTPException(503, "the counter is not available now")
