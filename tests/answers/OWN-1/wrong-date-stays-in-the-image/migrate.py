"""Version 2 counts in cents. Run once for a release, before its first replica starts."""

import os

import psycopg

with psycopg.connect(os.environ["DATABASE_URL"]) as db:  # one transaction
    [version] = db.execute("SELECT version FROM schema_version FOR UPDATE").fetchone()
    if version < 2:
        db.execute("UPDATE products SET price = price * 100")
        db.execute("UPDATE schema_version SET version = 2")
