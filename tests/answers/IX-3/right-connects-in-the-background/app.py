"""A shop that looks for its database beside its other work."""

import asyncio
import os
from contextlib import asynccontextmanager

import psycopg
from fastapi import Body, FastAPI, Response

state = {"database": None}


async def look():
    while state["database"] is None:
        try:
            state["database"] = await psycopg.AsyncConnection.connect(
                os.environ["DATABASE_URL"], autocommit=True, connect_timeout=2
            )
        except psycopg.OperationalError:
            await asyncio.sleep(0.5)


@asynccontextmanager
async def lifespan(_):
    task = asyncio.create_task(look())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    return Response(status_code=204 if state["database"] else 503)


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await state["database"].execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
