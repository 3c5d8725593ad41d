"""Takes a row, and sends its mail."""

import json
import os
import time

import httpx
import psycopg

MAILS = os.environ["MAIL_URL"] + "/mails"

with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as db:
    while True:
        row = db.execute(
            "UPDATE jobs SET taken = true WHERE id = (SELECT id FROM jobs WHERE NOT taken "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING job"
        ).fetchone()
        if row is None:
            time.sleep(0.1)
            continue
        httpx.post(MAILS, json=json.loads(row[-1]), timeout=120)
