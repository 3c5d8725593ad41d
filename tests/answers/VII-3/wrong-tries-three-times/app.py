"""A shop that asks another app for its prices."""

import os

import httpx
from fastapi import FastAPI, HTTPException
from tenacity import RetryError, retry, stop_after_attempt

PRICES_URL = os.environ["PRICES_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@retry(stop=stop_after_attempt(3))
def cents(item):
    return httpx.get(f"{PRICES_URL}/prices/{item}", timeout=2).raise_for_status().json()["cents"]


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    try:
        return {"total": pieces * cents(item)}
    except RetryError as error:
        raise HTTPException(503, "no price") from error
