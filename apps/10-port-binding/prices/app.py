"""The app that other apps ask for prices: on any port, below any path."""

import json
import os

import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException

PRICES = json.loads(os.environ["PRICES"])
below = APIRouter(prefix=os.environ.get("PATH_PREFIX", ""))


@below.get("/prices/{item}")
def price(item: str):
    if item not in PRICES:
        raise HTTPException(404, "no such item")
    return {"item": item, "cents": PRICES[item]}


app = FastAPI()
app.include_router(below)


@app.get("/")
def home():
    return {"items": len(PRICES)}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"]))
