"""A shop behind a router."""

import ipaddress
import os

from fastapi import Body, FastAPI, Request

ROUTER = ipaddress.ip_address(os.environ["TRUSTED_PROXY"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}


@app.get("/caller")
def caller(request: Request):
    scheme, client = "http", request.client.host
    if ipaddress.ip_address(client) == ROUTER:
        scheme = request.headers["x-forwarded-proto"]
        client = request.headers["x-forwarded-for"].rpartition(",")[2].strip()
    return {"link": f"{scheme}://{request.headers['host']}/", "client": client}
