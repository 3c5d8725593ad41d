"""A shop behind a router."""

import os

from fastapi import Body, FastAPI, Request
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

app = FastAPI()
app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=[os.environ["TRUSTED_PROXY"]])


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}


@app.get("/caller")
def caller(request: Request):
    return {"link": str(request.url_for("home")), "client": request.client.host}
