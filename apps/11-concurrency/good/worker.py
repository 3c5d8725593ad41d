"""The shop's worker: takes one job after the other, and computes it."""

import json
import os

import redis
from report import compute

store = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None)
store.incr("workers")

while True:
    _, job = store.blpop("jobs")
    name, seed, rounds = json.loads(job)
    store.set(f"report:{name}", compute(seed, rounds), ex=900)
    store.incr("done")
