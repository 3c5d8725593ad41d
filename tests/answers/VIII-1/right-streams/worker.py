"""Reads one entry of the stream at a time, and says when it is done."""

import json
import os
import socket
from contextlib import suppress

import httpx
import redis

store = redis.Redis.from_url(os.environ["REDIS_URL"])
with suppress(redis.ResponseError):  # the group is there already
    store.xgroup_create("stream", "workers", id="0", mkstream=True)

while True:
    found = store.xreadgroup("workers", socket.gethostname(), {"stream": ">"}, count=1, block=1000)
    for _, entries in found:
        for id, entry in entries:
            job = json.loads(entry[b"job"])
            httpx.post(os.environ["MAIL_URL"] + "/mails", json=job, timeout=120)
            store.xack("stream", "workers", id)
