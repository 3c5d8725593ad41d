"""Looks at the first job, sends its mail, and takes it off the list."""

import json
import os
import time

import httpx
import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])

while True:
    job = store.lindex("jobs", 0)
    if job is None:
        time.sleep(0.1)
        continue
    httpx.post(os.environ["MAIL_URL"] + "/mails", json=json.loads(job), timeout=120)
    store.lrem("jobs", 1, job)
