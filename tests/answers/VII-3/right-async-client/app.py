"""A shop that asks another app for its prices."""

import os

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

prices = httpx.AsyncClient(base_url=os.environ["PRICES_URL"], timeout=httpx.Timeout(1.0))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.exception_handler(httpx.HTTPError)
async def no_price(request: Request, error: httpx.HTTPError):
    return JSONResponse({"detail": "no price"}, 503)


@app.get("/total/{item}/{pieces}")
async def total(item: str, pieces: int):
    answer = await prices.get(f"prices/{item}")
    answer.raise_for_status()
    return {"total": pieces * answer.json()["cents"]}
