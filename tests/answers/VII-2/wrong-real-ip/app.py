"""A shop behind a router."""

import os

import uvicorn
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
    client = request.headers.get("x-real-ip", request.client.host)
    return {"link": str(request.url_for("home")), "client": client}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", forwarded_allow_ips=os.environ["TRUSTED_PROXY"])
