"""Takes one job after the other, and sends its mail."""

import json
import os
import time

import httpx
import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None)

while True:
    job = store.lpop("jobs")
    if job is None:
        time.sleep(0.2)
        continue
    httpx.post(os.environ["MAIL_URL"] + "/mails", json=json.loads(job), timeout=120)
