"""A shop that counts tries in memory, with a lock."""

import os
import threading
import time

from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
windows = {}
lock = threading.Lock()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    now = time.monotonic()
    with lock:
        count, end = windows.get(user, (0, now + SECONDS))
        if now >= end:
            count, end = 0, now + SECONDS
        if count < LIMIT:
            windows[user] = (count + 1, end)
    if count >= LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
