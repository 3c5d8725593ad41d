"""IX, of any app: its other process types run from the same image and end when they are told to."""

import time

from factorlab.checks.base import Finding, Subject, check, judged
from factorlab.checks.deploys import fill
from factorlab.checks.disposability import GRACE
from factorlab.lab import App, Lab
from factorlab.lab.process import KILLED

CALM_SECONDS = 2.0
CALM_CPU = 0.05
"""CPU seconds in `CALM_SECONDS` below which a process has come to its work and waits for it."""
START_SECONDS = 60


@check(
    "workers-stop-by-themselves",
    factor="IX",
    question="Do its workers run, and end by themselves when they are told to stop?",
    how="Each process type of the contract is started from the same image with the same variables. Once "
    f"it waits for work, it is stopped: SIGTERM, and SIGKILL {GRACE} s later. It must run until "
    f"then, and must not get SIGKILL (exit code {KILLED}).",
    remedy="let a worker end at SIGTERM after the job in hand. Process 1 has no default for it: set a "
    "handler, or let tini be process 1 (`docker run --init`).",
)
def workers_stop_by_themselves(lab: Lab, subject: Subject) -> Finding:
    """A worker answers nobody, so that it is up is told by the CPU that it uses: less and less."""
    config = fill(lab, subject, "worked")
    rows, log = [], ""
    grace = lab.probe.stretched(GRACE)
    for kind, command in subject.contract.processes.items():
        worker = lab.deploy(subject.image, kind, env=config.env, wait=False, command=command)
        ran = _settled(worker)
        code = worker.stop(grace) if ran else worker.exit_code
        good = ran and code != KILLED
        log = log or ("" if good else worker.logs(tail=8))
        how = (
            "ended before it was told to"
            if not ran
            else "got SIGKILL"
            if code == KILLED
            else "ended"
        )
        rows.append((kind, how, code))
        worker.remove()
    wrong = [f"{kind} {how}" for kind, how, _ in rows if how != "ended"]
    return Finding(
        judged(not wrong),
        expected="each runs, and ends by itself when it is told to",
        seen=", ".join(wrong) or "each did",
        columns=("process type", "it", "exit code"),
        rows=rows,
        log=log,
    )


def _settled(worker: App) -> bool:
    """Wait until it computes no more, at most a minute: whether it still runs then."""
    deadline = time.monotonic() + START_SECONDS
    before, since = worker.cpu_seconds, time.monotonic()
    while worker.exit_code is None and time.monotonic() < deadline:
        time.sleep(0.2)
        used, now = worker.cpu_seconds, time.monotonic()
        if used - before > CALM_CPU or not used:
            before, since = used, now
        elif now - since > CALM_SECONDS:
            break
    return worker.exit_code is None
