"""Version 2 of the tables: balances in cents. Version 1 had dollars."""

import os

import psycopg


def migrate():
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute("SELECT pg_advisory_xact_lock(12)")
        [version] = db.execute("SELECT version FROM schema_version").fetchone()
        if version < 2:
            db.execute("UPDATE accounts SET balance = balance * 100")
            db.execute("UPDATE schema_version SET version = 2")


if __name__ == "__main__":
    migrate()
    print("the tables are at version 2")
