"""Moves each job as before, and charges with a key that no second charge can have."""

import os

import psycopg
import redis

queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True, socket_timeout=None)
bank = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def charge(job):
    bank.execute(
        "INSERT INTO charges (job, key) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING",
        [job, job],
    )


while queue.lmove("doing", "jobs", "RIGHT", "LEFT"):
    pass  # what the last worker had in hand comes first

while True:
    job = queue.blmove("jobs", "doing", 0, "LEFT", "RIGHT")
    charge(job)
    queue.lrem("doing", 1, job)
