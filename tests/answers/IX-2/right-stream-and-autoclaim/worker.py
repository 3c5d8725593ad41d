"""Reads a stream as one of a group, and claims what others have left lying."""

import os
import socket
from contextlib import suppress

import psycopg
import redis

stream = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
bank = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
me = socket.gethostname()
with suppress(redis.ResponseError):  # the group is there already
    stream.xgroup_create("work", "workers", id="0", mkstream=True)


def handle(entries):
    for id, fields in entries:
        bank.execute(
            "INSERT INTO charges (job, key) VALUES (%(job)s, %(job)s) ON CONFLICT DO NOTHING",
            fields,
        )
        stream.xack("work", "workers", id)


while True:
    handle(stream.xautoclaim("work", "workers", me, min_idle_time=1000)[1])
    for _, entries in stream.xreadgroup("workers", me, {"work": ">"}, count=1, block=500):
        handle(entries)
