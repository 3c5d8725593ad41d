"""A shop that answers both questions for itself alone."""

import os
import threading

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=0.3, socket_connect_timeout=0.3, retry=None
)
printed = threading.Event()

app = FastAPI()


def redis_answers():
    try:
        return store.ping()
    except redis.RedisError:
        raise HTTPException(503, "Redis does not answer") from None


@app.get("/live")
def live():
    return {"live": True}


@app.get("/ready")
def ready():
    return {"ready": True}


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/cart")
def add(item: str = Body(embed=True)):
    redis_answers()
    return {"items": store.rpush("cart", item)}


@app.post("/report")
async def report():
    printed.wait()  # for a printer that never answers
