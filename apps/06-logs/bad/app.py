"""A shop that keeps its log in a file."""

import json
import logging

from fastapi import Body, FastAPI, HTTPException

log = logging.getLogger("shop")
log.setLevel("INFO")
log.addHandler(logging.FileHandler("/tmp/shop.log"))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    log.info(json.dumps({"level": "info", "path": "/orders", "item": item}))
    return {"sold": item}


@app.post("/refunds")
def refund(item: str = Body(), amount: int = Body()):
    if amount > 20:
        log.error(json.dumps({"level": "error", "path": "/refunds", "item": item}))
        raise HTTPException(502, "the bank refuses it")
    log.info(json.dumps({"level": "info", "path": "/refunds", "item": item}))
    return {"refunded": amount}
