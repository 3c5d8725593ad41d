"""A shop that says that it is leaving, and stays until it is ended."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

store = redis.Redis.from_url(os.environ["REDIS_URL"])

leaving = False
app = FastAPI()


@app.get("/live")
async def live():
    return {"live": True}


@app.get("/ready")
async def ready():
    if leaving:
        raise HTTPException(503, "leaving")
    return {"ready": True}


@app.post("/drain")
async def drain():
    global leaving
    leaving = True
    return {"leaving": True}


@app.get("/")
def home():
    return {"orders": store.llen("orders")}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"number": store.rpush("orders", item)}
