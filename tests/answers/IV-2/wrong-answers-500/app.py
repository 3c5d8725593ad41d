"""Time-outs, and whatever they raise."""

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

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit():
    return {"visits": store.incr("visits")}
