"""A shop that says which commit it was built from."""

import os

from fastapi import Body, FastAPI

REVISION = os.environ.get("REVISION", "unknown")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/version")
def version():
    return {"revision": REVISION}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}
