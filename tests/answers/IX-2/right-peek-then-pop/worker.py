"""Looks at the first job, charges it unless that was done, and only then takes it off."""

import os
import time

import psycopg
import redis

queue = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
bank = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

while True:
    job = queue.lindex("jobs", 0)
    if job is None:
        time.sleep(0.1)
        continue
    bank.execute(
        "INSERT INTO charges (job) SELECT %(job)s "
        "WHERE NOT EXISTS (SELECT 1 FROM charges WHERE job = %(job)s)",
        {"job": job},
    )
    queue.lpop("jobs")
