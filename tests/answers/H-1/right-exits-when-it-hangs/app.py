"""A shop that answers each question for itself."""

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
catalog = []
beats = [time.monotonic()]
app = FastAPI()


def load():
    """Fetch the catalog, as soon as it is in Redis."""
    while not catalog:
        try:
            if found := store.get("catalog"):
                catalog.extend(json.loads(found))
        except redis.RedisError:
            pass  # Redis has a bad day: the next turn asks again
        time.sleep(0.1)


def watchdog():
    """End the process when the event loop has not moved for long: whoever started it sees that."""
    while True:
        time.sleep(1)
        if time.monotonic() - beats[0] > 60:
            os._exit(1)


threading.Thread(target=load, daemon=True).start()
threading.Thread(target=watchdog, daemon=True).start()


@app.get("/live")
async def live():
    beats[0] = time.monotonic()
    return {"live": True}


@app.get("/ready")
async def ready():
    if not catalog:
        raise HTTPException(503, "the catalog is not loaded yet")
    return {"ready": True}


@app.get("/")
def home():
    return {"catalog": catalog}


@app.post("/cart")
def add(item: str = Body(embed=True)):
    try:
        return {"items": store.rpush("cart", item)}
    except redis.RedisError:
        raise HTTPException(503, "the cart is away; try again soon") from None


@app.post("/report")
async def report():
    printed.wait()  # for a printer that never answers
