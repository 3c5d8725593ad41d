"""A bank whose readiness comes from a pool of connections."""

import os
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response
from psycopg_pool import AsyncConnectionPool

pool = AsyncConnectionPool(os.environ["DATABASE_URL"], open=False, min_size=1)


@asynccontextmanager
async def lifespan(app):
    await pool.open()
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def home():
    return {"bank": "open"}


@app.get("/ready")
async def ready(response: Response):
    async with pool.connection() as db:
        found = await db.execute("SELECT 1 FROM schema_version WHERE version >= 2")
        if await found.fetchone() is None:
            response.status_code = 503
    return {"bank": "open"}
