"""One of two apps."""

import os

from fastapi import FastAPI
from pricing import total

DISCOUNT_FROM = int(os.environ["DISCOUNT_FROM"])

app = FastAPI()


@app.get("/")
def home():
    return {"app": "billing"}


@app.get("/invoice")
def invoice(pieces: int):
    return {"cents": total(pieces, DISCOUNT_FROM)}
