"""The counter of visits lives in Redis; the app waits for it at most a third of a second."""

import os

import redis
from fastapi import APIRouter, HTTPException

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_connect_timeout=0.3, socket_timeout=0.3
)

pages = APIRouter()


@pages.post("/visits")
def visit():
    try:
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        raise HTTPException(503, "the counter is not available now")
