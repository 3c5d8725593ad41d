"""Puts one digest into the queue at each tick."""

import json
import os
import time

import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])

while True:
    time.sleep(float(os.environ["TICK_SECONDS"]))
    store.rpush("jobs", json.dumps({"kind": "digest"}))
