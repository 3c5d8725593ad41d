"""A shop that says that it is leaving, and stays until it is ended."""

import os
import threading

import redis
from fastapi import Body, FastAPI
from fastapi.responses import JSONResponse

store = redis.Redis.from_url(os.environ["REDIS_URL"])

leaving = threading.Event()
app = FastAPI()


@app.middleware("http")
async def health(request, call_next):
    if request.url.path == "/ready" and leaving.is_set():
        return JSONResponse({"ready": False}, 503)
    return await call_next(request)


@app.get("/live")
async def live():
    return {"live": True}


@app.get("/ready")
async def ready():
    return {"ready": True}


@app.post("/drain")
async def drain():
    leaving.set()
    return {"leaving": True}


@app.get("/")
def home():
    return {"orders": store.llen("orders")}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"number": store.rpush("orders", item)}
