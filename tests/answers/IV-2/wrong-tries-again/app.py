"""Two short time-outs, and the client's own attempts."""

import os

import redis
from fastapi import FastAPI, HTTPException
from redis.backoff import ConstantBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.3,
    socket_timeout=0.3,
    retry=Retry(ConstantBackoff(1), 3),
)

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
