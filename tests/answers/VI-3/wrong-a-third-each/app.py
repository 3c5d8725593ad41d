"""A shop that counts a third of the tries in memory."""

import os
import time

from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
windows = {}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    now = time.monotonic()
    count, end = windows.get(user, (0, now + SECONDS))
    if now >= end:
        count, end = 0, now + SECONDS
    if count >= LIMIT // 3:
        raise HTTPException(429, "too many tries")
    windows[user] = (count + 1, end)
    return {"coupon": "not valid"}
