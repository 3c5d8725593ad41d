"""While Redis is away, the app goes on counting by itself."""

import os

import redis
from fastapi import FastAPI
from redis.backoff import NoBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.3,
    socket_timeout=0.3,
    retry=Retry(NoBackoff(), 0),
)
last = 0

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit():
    global last
    try:
        last = store.incr("visits")
    except redis.RedisError:
        last += 1
    return {"visits": last}
