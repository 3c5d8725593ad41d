"""The counter of visits lives in Redis; the app waits for it as long as it takes."""

import os

import redis
from fastapi import APIRouter

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_connect_timeout=None, socket_timeout=None
)

pages = APIRouter()


@pages.post("/visits")
def visit():
    return {"visits": store.incr("visits")}
