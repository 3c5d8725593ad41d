"""A shop whose framework writes the spans."""

import asyncio
import os

import httpx
import telemetry
from fastapi import Body, FastAPI, HTTPException
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

telemetry.start("shop")
HTTPXClientInstrumentor().instrument()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
async def order(items: list[str] = Body(), guests: int = Body()):
    async with httpx.AsyncClient(base_url=os.environ["PRICES_URL"], timeout=30) as prices:
        answers = await asyncio.gather(*(prices.get(f"/prices/{item}") for item in items))
    if any(answer.is_error for answer in answers):
        raise HTTPException(502, "there is no price now")
    cents = sum(answer.json()["cents"] for answer in answers)
    return {"cents": cents, "each": cents // guests}
