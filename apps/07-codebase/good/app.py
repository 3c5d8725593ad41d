"""A shop that says which commit it was built from."""

import os

from fastapi import Body, FastAPI

REVISION = os.environ["REVISION"]
GREETING = "Welcome to the shop"

app = FastAPI()


def total(pieces):
    cents = 300 * pieces
    return cents * 9 // 10 if pieces > 10 else cents


@app.get("/")
def home():
    return {"greeting": GREETING}


@app.get("/version")
def version():
    return {"revision": REVISION}


@app.post("/orders")
def order(pieces: int = Body(embed=True)):
    return {"cents": total(pieces)}
