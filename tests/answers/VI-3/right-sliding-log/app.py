"""A shop that remembers the last ten tries of each user."""

import os
import secrets
import time

import redis
from fastapi import Body, FastAPI, HTTPException

LIMIT = 10
SECONDS = int(os.environ["WINDOW_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"])
try_now = store.register_script("""
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
""")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/coupons")
def coupon(user: str = Body(embed=True)):
    values = [time.time(), SECONDS, secrets.token_hex(8), LIMIT]
    if not try_now(keys=[f"tries:{user}"], args=values):
        raise HTTPException(429, "too many tries")
    return {"coupon": "not valid"}
