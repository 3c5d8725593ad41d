import os
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Body, FastAPI
from psycopg_pool import AsyncConnectionPool

secret = Path(os.environ["DATABASE_URL_FILE"])


async def url():
    return secret.read_text().strip()


pool = AsyncConnectionPool(url, open=False, check=AsyncConnectionPool.check_connection)


@asynccontextmanager
async def lifespan(app):
    async with pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def home():
    return {"greeting": "Hello"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    async with pool.connection() as db:
        await db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        cursor = await db.execute("SELECT count(*) FROM orders")
        row = await cursor.fetchone()
    return {"orders": row[0]}
