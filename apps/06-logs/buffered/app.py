"""A shop that prints its log."""

import json

from fastapi import Body, FastAPI, HTTPException

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    print(json.dumps({"level": "info", "path": "/orders", "item": item}))
    return {"sold": item}


@app.post("/refunds")
def refund(item: str = Body(), amount: int = Body()):
    if amount > 20:
        print(json.dumps({"level": "error", "path": "/refunds", "item": item}))
        raise HTTPException(502, "the bank refuses it")
    print(json.dumps({"level": "info", "path": "/refunds", "item": item}))
    return {"refunded": amount}
