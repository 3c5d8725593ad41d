"""Counts the orders, again and again."""

import os
import signal
import sys
import time

import psycopg

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
while True:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        print(connection.execute("SELECT to_regclass('orders')").fetchone(), flush=True)
    time.sleep(5)
