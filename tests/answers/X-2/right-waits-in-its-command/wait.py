"""Waits until the database takes connections, then becomes the program that follows."""

import os
import sys
import time

import psycopg

while True:
    try:
        psycopg.connect(os.environ["DATABASE_URL"]).close()
        break
    except psycopg.OperationalError:
        time.sleep(1)
os.execvp(sys.argv[1], sys.argv[1:])
