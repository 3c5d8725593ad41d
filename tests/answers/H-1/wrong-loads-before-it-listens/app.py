"""A shop that gives one answer to two questions."""

import json
import os
import threading
import time

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=0.3, socket_connect_timeout=0.3, retry=None
)
printed = threading.Event()


def load():
    """The catalog, as soon as it is in Redis."""
    while not (found := store.get("catalog")):
        time.sleep(0.1)
    return json.loads(found)


catalog = load()
app = FastAPI()


@app.get("/live")
@app.get("/ready")
async def health():
    return {"ok": True}


@app.get("/")
def home():
    return {"catalog": catalog}


@app.post("/cart")
def add(item: str = Body(embed=True)):
    try:
        return {"items": store.rpush("cart", item)}
    except redis.RedisError:
        raise HTTPException(503, "the cart is away") from None


@app.post("/report")
async def report():
    printed.wait()  # for a printer that never answers
