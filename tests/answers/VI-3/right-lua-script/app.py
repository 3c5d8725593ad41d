"""A shop that counts tries with a script in Redis."""

import os

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"])
count_try = store.register_script("""
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
""")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    count = count_try(keys=[f"tries:{user}"], args=[SECONDS])
    if count > LIMIT:
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
