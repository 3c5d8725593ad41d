"""Billing writes invoices."""

import os

from fastapi import Body, FastAPI
from pricing import total

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "This is billing"}


@app.get("/version")
def version():
    return {"revision": os.environ["REVISION"]}


@app.post("/orders")
def invoice(pieces: int = Body(embed=True)):
    return {"cents": total(pieces)}
