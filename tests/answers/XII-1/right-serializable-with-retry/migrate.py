"""Version 2 of the tables: balances in cents. Version 1 had dollars."""

import os

import psycopg
from tenacity import retry, retry_if_exception_type, stop_after_attempt


@retry(
    retry=retry_if_exception_type(psycopg.errors.SerializationFailure),
    stop=stop_after_attempt(5),
    reraise=True,
)
def migrate():
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        [version] = db.execute("SELECT version FROM schema_version").fetchone()
        if version < 2:
            db.execute("UPDATE accounts SET balance = balance * 100")
            db.execute("UPDATE schema_version SET version = 2")


if __name__ == "__main__":
    migrate()
