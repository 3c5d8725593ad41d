"""The same shop, with everything imported that it may need one day."""

import asyncio
import os

import alembic.command  # noqa: F401
import httpx  # noqa: F401
import opentelemetry.sdk.trace.export  # noqa: F401
import sqlalchemy.orm  # noqa: F401
from fastapi import Body, FastAPI

SECONDS = float(os.environ.get("BANK_SECONDS", "2"))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(SECONDS)  # the bank thinks
    return {"ordered": item}
