"""A shop whose orders share a few connections, without threads."""

import os
from contextlib import asynccontextmanager

from fastapi import Body, FastAPI
from psycopg_pool import AsyncConnectionPool

SHARE = int(os.environ["DATABASE_CONNECTIONS"])


@asynccontextmanager
async def life(app):
    url = os.environ["DATABASE_URL"]
    async with AsyncConnectionPool(url, min_size=SHARE, max_size=SHARE, open=False) as app.pool:
        yield


app = FastAPI(lifespan=life)


@app.get("/")
async def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    async with app.pool.connection() as db:
        await db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    return {"sold": item}
