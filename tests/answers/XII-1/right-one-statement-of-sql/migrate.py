"""The migration as a block of SQL."""

import os

import psycopg

psycopg.connect(os.environ["DATABASE_URL"], autocommit=True).execute(
    """
    BEGIN;
    LOCK TABLE accounts, schema_version IN ACCESS EXCLUSIVE MODE;
    UPDATE accounts SET balance = balance * 100
        WHERE (SELECT max(version) FROM schema_version) = 1;
    UPDATE schema_version SET version = 2;
    COMMIT;
    """
)
