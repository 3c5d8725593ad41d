"""The shop, on the event loop."""

import json
import os
import sys
import uuid
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from psycopg_pool import AsyncConnectionPool
from redis.asyncio import Redis

try:
    url, redis_url, port = (os.environ[n] for n in ("DATABASE_URL", "REDIS_URL", "PORT"))
    prices_url = os.environ["PRICES_URL"]
except KeyError as missing:
    sys.exit(f"Set {missing} first.")
redis = Redis.from_url(redis_url, socket_timeout=1)
pool = AsyncConnectionPool(url, min_size=1, max_size=4, open=False)


@asynccontextmanager
async def lifespan(app):
    async with pool:
        yield
    await redis.aclose()


app = FastAPI(lifespan=lifespan)


@app.get("/")
@app.get("/live")
async def alive():
    return {"alive": True}


@app.get("/ready")
async def ready():
    async with pool.connection() as db:
        await db.execute("SELECT 1")
    return {"ready": True}


@app.get("/version")
async def version():
    return {"revision": os.environ["SHOP_COMMIT"]}


@app.get("/prices")
async def prices(request: Request):
    kept = {n: v for n, v in request.headers.items() if n in ("traceparent", "tracestate")}
    async with httpx.AsyncClient(timeout=5) as client:
        return (await client.get(prices_url + "/prices", headers=kept)).json()


@app.get("/orders")
async def list_orders():
    async with pool.connection() as db:
        rows = await (await db.execute("SELECT item FROM orders")).fetchall()
    return [row[0] for row in rows]


@app.post("/orders", status_code=201)
async def order(request: Request):
    item = (await request.json())["item"]
    async with pool.connection() as db:
        await db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    print(json.dumps({"event": "ordered", "item": item}), flush=True)
    return {"ordered": item}


@app.post("/login")
async def login(request: Request):
    user, id = (await request.json())["user"], uuid.uuid4().hex
    await redis.hset("sessions", id, user)
    response = JSONResponse({"user": user})
    response.set_cookie("session", id)
    return response


@app.get("/me")
async def me(request: Request):
    user = await redis.hget("sessions", request.cookies.get("session", ""))
    return {"user": user.decode()} if user else JSONResponse({}, 401)


@app.post("/logout")
async def logout(request: Request):
    await redis.hdel("sessions", request.cookies.get("session", ""))
    return {"user": None}


if __name__ == "__main__":
    uvicorn.run("app:app", host="0.0.0.0", port=int(port), log_level="warning")
