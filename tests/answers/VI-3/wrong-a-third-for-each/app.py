"""Each replica allows a third."""

import os
import time

from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
WINDOW = int(os.environ["WINDOW_SECONDS"])
SHARE = LIMIT // 3
windows = {}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(user: str = Body(), item: str = Body()):
    began, orders = windows.get(user, (time.time(), 0))
    if time.time() > began + WINDOW:
        began, orders = time.time(), 0
    if orders >= SHARE:
        raise HTTPException(429, "too many orders")
    windows[user] = (began, orders + 1)
    return {"sold": item}
