"""A shop that asks another app for its prices."""

import json
import os
from urllib.request import urlopen

from fastapi import FastAPI, HTTPException


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/total/{item}/{pieces}")
def total(item: str, pieces: int):
    try:
        with urlopen(f"{os.environ['PRICES_URL']}/prices/{item}", timeout=1.5) as answer:
            return {"total": pieces * json.load(answer)["cents"]}
    except OSError as error:
        raise HTTPException(503, "no price") from error
