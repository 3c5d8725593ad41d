"""Sends one digest at each tick."""

import os
import time

import httpx

while True:
    httpx.post(os.environ["MAIL_URL"] + "/mails", json={"kind": "digest"}, timeout=120)
    time.sleep(float(os.environ["TICK_SECONDS"]))
