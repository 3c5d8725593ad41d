"""One watchdog and one sweep for a process, however many labs it starts at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from factorlab.engine.cleanup import sweep as sweeping
from factorlab.engine.cleanup import watchdog


def test_labs_that_start_at_once_sweep_once_and_share_a_watchdog(monkeypatch):
    swept, started = [], []

    def sweep():
        swept.append(1)
        time.sleep(0.1)

    def start(*words, **options):
        started.append(SimpleNamespace(poll=lambda: None))
        return started[-1]

    monkeypatch.setattr(sweeping, "sweep", sweep)
    monkeypatch.setattr(watchdog.subprocess, "Popen", start)
    monkeypatch.setattr(watchdog.atexit, "register", lambda call: None)
    monkeypatch.setattr(watchdog, "_process", None)
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(watchdog.watch) for _ in range(4)]:
            done.result()
    assert (len(swept), len(started)) == (1, 1)
