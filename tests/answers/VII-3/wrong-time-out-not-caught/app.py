"""A shop that asks another app for its prices."""

import os

import httpx
from fastapi import FastAPI

PRICES_URL = os.environ["PRICES_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    answer = httpx.get(f"{PRICES_URL}/prices/{item}", timeout=1)
    return {"total": pieces * answer.json()["cents"]}
