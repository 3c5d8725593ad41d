"""Takes jobs from a list in Redis, one after the other, and charges the customer's card."""

import os

import psycopg
import redis

queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True, socket_timeout=None)
bank = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def charge(job):
    bank.execute("INSERT INTO charges (job) VALUES (%s)", [job])


while True:
    _, job = queue.blpop("jobs")
    charge(job)
