"""A shop that asks another app for its prices."""

import os
from urllib.parse import urljoin

import httpx
from fastapi import FastAPI, HTTPException

PRICES_URL = os.environ["PRICES_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    try:
        answer = httpx.get(urljoin(PRICES_URL, f"/prices/{item}"), timeout=1)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise HTTPException(503, "no price") from error
    return {"total": pieces * answer.json()["cents"]}
