"""Takes one job after the other, and sends its mail."""

import json
import os

import httpx
import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=None)

while True:
    _, job = store.blpop("jobs")
    httpx.post(os.environ["MAIL_URL"] + "/mails", json=json.loads(job), timeout=120)
