"""A worker that will get something to do one day."""

import time

while True:
    time.sleep(60)
