"""Version 2 of the tables: balances in cents. Version 1 had dollars."""

import os

import psycopg


def migrate():
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        mine = db.execute("UPDATE schema_version SET version = 2 WHERE version = 1")
        if mine.rowcount:
            db.execute("UPDATE accounts SET balance = balance * 100")


if __name__ == "__main__":
    migrate()
    print("the tables are at version 2")
