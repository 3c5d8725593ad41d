"""What was ordered on one day: PostgreSQL makes the CSV."""

import datetime
import os
import sys

import psycopg

day = datetime.date.fromisoformat(sys.argv[1])
COPY = f"""
COPY (
    SELECT item, sum(pieces) AS pieces, sum(cents) AS cents FROM orders
    WHERE day = '{day}' GROUP BY item
) TO STDOUT WITH (FORMAT csv, HEADER)
"""
with psycopg.connect(os.environ["DATABASE_URL"]) as db, db.cursor().copy(COPY) as copy:
    report = b"".join(bytes(piece) for piece in copy)
sys.stdout.buffer.write(report)
