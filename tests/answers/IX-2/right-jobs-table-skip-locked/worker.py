"""Takes a job, charges and marks the job as done, all in one transaction."""

import os
import time

import psycopg

NEXT = """
SELECT id, job FROM jobs WHERE NOT done ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
database = psycopg.connect(os.environ["DATABASE_URL"])

while True:
    with database.transaction():
        row = database.execute(NEXT).fetchone()
        if row is not None:
            database.execute("INSERT INTO charges (job) VALUES (%s)", [row[1]])
            database.execute("UPDATE jobs SET done = true WHERE id = %s", [row[0]])
    if row is None:
        time.sleep(0.2)
