"""The shop takes orders."""

import os

from fastapi import Body, FastAPI
from pricing import total

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/version")
def version():
    return {"revision": os.environ["REVISION"]}


@app.post("/orders")
def order(pieces: int = Body(embed=True)):
    return {"cents": total(pieces)}
