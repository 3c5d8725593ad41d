"""A shop that counts tries in Redis."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
async def coupon(user: str = Body(embed=True)):
    key = f"tries:{user}"
    if int(store.get(key) or 0) >= LIMIT:
        raise HTTPException(429, "too many tries")
    with store.pipeline() as pipe:
        pipe.set(key, 0, ex=SECONDS, nx=True).incr(key).execute()
    return {"coupon": "not valid"}
