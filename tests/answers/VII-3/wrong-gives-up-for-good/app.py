"""A shop that asks another app for its prices."""

import os

import httpx
from fastapi import FastAPI, HTTPException

PRICES_URL = os.environ["PRICES_URL"]
broken = False

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    global broken
    if broken:
        raise HTTPException(503, "no price")
    try:
        answer = httpx.get(f"{PRICES_URL}/prices/{item}", timeout=1)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        broken = True
        raise HTTPException(503, "no price") from error
    return {"total": pieces * answer.json()["cents"]}
