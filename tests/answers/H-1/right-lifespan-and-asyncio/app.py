"""Everything in the event loop: redis.asyncio, and a task that the lifespan starts."""

import asyncio
import json
import os
from contextlib import asynccontextmanager

import redis.asyncio as redis
from fastapi import Body, FastAPI, Response
from redis.exceptions import RedisError

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
)


async def load(app):
    while True:
        try:
            found = await store.get("catalog")
        except RedisError:
            found = None
        if found:
            app.state.catalog = json.loads(found)
            return
        await asyncio.sleep(0.2)


@asynccontextmanager
async def lifespan(app):
    app.state.catalog = None
    task = asyncio.create_task(load(app))
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.get("/live", status_code=204)
async def live():
    return None


@app.get("/ready")
async def ready(response: Response):
    if app.state.catalog is None:
        response.status_code = 503


@app.get("/")
async def home():
    return {"catalog": app.state.catalog}


@app.post("/cart")
async def add(response: Response, item: str = Body(embed=True)):
    try:
        return {"items": await store.rpush("cart", item)}
    except RedisError:
        response.status_code = 503
        return {"error": "the cart is away"}


@app.post("/report")
async def report():
    import threading

    threading.Event().wait()
