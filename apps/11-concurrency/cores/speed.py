"""Counts the rounds that this machine computes in one CPU second, however fast it is."""

import time

from report import compute

rounds = 0
while time.process_time() < 1:
    compute(rounds, 10_000)
    rounds += 10_000
print(rounds)
