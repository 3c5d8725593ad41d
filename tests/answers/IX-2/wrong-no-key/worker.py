"""Moves each job to a second list while it is under way, and charges with a key."""

import os

import psycopg
import redis

queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True, socket_timeout=None)
bank = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def charge(job):
    bank.execute("INSERT INTO charges (job) VALUES (%s)", [job])


while queue.lmove("doing", "jobs", "RIGHT", "LEFT"):
    pass  # what the last worker had in hand comes first

while True:
    job = queue.blmove("jobs", "doing", 0, "LEFT", "RIGHT")
    charge(job)
    queue.lrem("doing", 1, job)
