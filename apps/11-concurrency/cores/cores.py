"""Computes side by side, in threads or in processes, and prints the cores it used."""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from report import compute

POOLS = {"threads": ThreadPoolExecutor, "processes": ProcessPoolExecutor}
kind, count = sys.argv[1], int(sys.argv[2])


def work(seed):
    end = time.thread_time() + 2 / count  # its share of two CPU seconds
    while time.thread_time() < end:
        compute(seed, 10_000)


began, before = time.monotonic(), sum(os.times()[:4])
with POOLS[kind](count) as pool:
    list(pool.map(work, range(count)))
wall = time.monotonic() - began
cpu = sum(os.times()[:4]) - before  # of this process and of those that it has waited for
print(round(cpu / wall, 2))
