"""A shop that asks another app for its prices."""

import asyncio
import os

import httpx
from fastapi import FastAPI, HTTPException

PRICES_URL = os.environ["PRICES_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
async def total(item: str, pieces: int):
    try:
        async with asyncio.timeout(1.5), httpx.AsyncClient(timeout=None) as client:
            answer = await client.get(f"{PRICES_URL}/prices/{item}")
            return {"total": pieces * answer.raise_for_status().json()["cents"]}
    except (TimeoutError, httpx.HTTPError) as error:
        raise HTTPException(503, "no price") from error
