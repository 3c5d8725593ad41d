"""A shop that asks another app for its prices."""

import json
import os
from urllib.request import urlopen

from fastapi import FastAPI, HTTPException

PRICES_URL = os.environ["PRICES_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    try:
        with urlopen(f"{PRICES_URL}/prices/{item}") as answer:
            cents = json.load(answer)["cents"]
    except OSError as error:
        raise HTTPException(503, "no price") from error
    return {"total": pieces * cents}
