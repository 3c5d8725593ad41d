"""Takes all jobs that there are, and sends their mails."""

import json
import os
import time

import httpx
import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])

while True:
    with store.pipeline() as both:
        both.lrange("jobs", 0, -1)
        both.delete("jobs")
        jobs = both.execute()[0]
    for job in jobs:
        httpx.post(os.environ["MAIL_URL"] + "/mails", json=json.loads(job), timeout=120)
    time.sleep(0.1)
