"""Version 2 of the tables: balances in cents. Version 1 had dollars."""

import os

import psycopg


def migrate():
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        columns = db.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'accounts'"
        ).fetchall()
        if ("currency",) not in columns:
            db.execute("ALTER TABLE accounts ADD COLUMN currency text DEFAULT 'USD'")
            db.execute("UPDATE accounts SET balance = balance * 100")
            db.execute("UPDATE schema_version SET version = 2")


if __name__ == "__main__":
    migrate()
    print("the tables are at version 2")
