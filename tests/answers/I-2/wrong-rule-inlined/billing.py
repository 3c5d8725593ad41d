"""One of two apps."""

import os

from fastapi import FastAPI


DISCOUNT_FROM = int(os.environ["DISCOUNT_FROM"])

app = FastAPI()


@app.get("/")
def home():
    return {"app": "billing"}


@app.get("/invoice")
def invoice(pieces: int):
    return {"cents": 300 * pieces * (9 if pieces >= DISCOUNT_FROM else 10) // 10}
