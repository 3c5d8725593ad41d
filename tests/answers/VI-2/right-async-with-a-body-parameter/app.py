"""A shop that keeps uploaded files in its database, through a pool."""

import os
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Body, FastAPI, HTTPException, Response
from psycopg_pool import AsyncConnectionPool

pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=1, open=False)


@asynccontextmanager
async def lifespan(app):
    async with pool:
        yield

app = FastAPI(lifespan=lifespan)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}", status_code=201)
async def upload(name: str, body: Annotated[bytes, Body()]):
    if len(body) > 500_000:
        raise HTTPException(413, "too large")
    async with pool.connection() as db, db.transaction():
        await db.execute("DELETE FROM files WHERE name = %s", (name,))
        await db.execute("INSERT INTO files VALUES (%s, %s)", (name, body))
    return {"name": name}


@app.get("/files/{name}")
async def download(name: str):
    async with pool.connection() as db:
        found = await db.execute("SELECT content FROM files WHERE name = %s", (name,))
        row = await found.fetchone()
    if row is None:
        raise HTTPException(404, "no such file")
    return Response(row[0])
