"""The service that knows the prices."""

import telemetry
from fastapi import FastAPI

telemetry.start("prices")

CENTS = {"tea": 450, "coffee": 700}

app = FastAPI()


@app.get("/")
def home():
    return {"items": len(CENTS)}


@app.get("/prices/{item}")
def price(item: str):
    return {"cents": CENTS[item]}
