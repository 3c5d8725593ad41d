"""A replica with a pool: opens its connections to the database, and keeps them."""

import os
import signal

import psycopg

pool = []
for _ in range(int(os.environ["POOL_SIZE"])):
    try:
        pool.append(psycopg.connect(os.environ["DATABASE_URL"]))
    except psycopg.OperationalError as error:
        print(str(error).split("FATAL:  ")[-1].strip())
print("open:", len(pool))
signal.pause()
