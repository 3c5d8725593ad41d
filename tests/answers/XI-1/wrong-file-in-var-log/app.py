"""A shop that logs one JSON object for each request."""

import json
import logging
import sys

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

log = logging.getLogger("shop")
log.setLevel("INFO")
log.addHandler(logging.StreamHandler(sys.stdout))
log.addHandler(logging.FileHandler("/var/log/shop.log"))

app = FastAPI()


@app.middleware("http")
async def tell(request: Request, call_next):
    event = {
        "level": "info",
        "path": request.url.path,
        "request_id": request.headers.get("x-request-id"),
    }
    try:
        response = await call_next(request)
    except Exception as error:
        event |= {"level": "error", "exception": repr(error)}
        response = JSONResponse({"detail": "something went wrong"}, 500)
    log.info(json.dumps({**event, "status": response.status_code}))
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
