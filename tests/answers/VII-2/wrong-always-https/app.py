"""A shop behind a router."""

import os

from fastapi import Body, FastAPI, Request

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}


@app.get("/caller")
def caller(request: Request):
    client = request.client.host
    if client == os.environ["TRUSTED_PROXY"]:
        client = request.headers["x-forwarded-for"]
    return {"link": str(request.url_for("home").replace(scheme="https")), "client": client}
