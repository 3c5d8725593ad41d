"""A connection is tried with PING before it is used, and once more after a failure."""

import os

import redis
from fastapi import FastAPI, Response
from redis.backoff import ConstantBackoff
from redis.retry import Retry

store = redis.Redis.from_url(
    os.environ["REDIS_URL"],
    socket_connect_timeout=0.15,
    socket_timeout=0.15,
    health_check_interval=1,
    retry=Retry(ConstantBackoff(0.05), 1),
)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit(response: Response):
    try:
        store.ping()
        return {"visits": store.incr("visits")}
    except redis.RedisError:
        response.status_code = 503
        return {"visits": None}
