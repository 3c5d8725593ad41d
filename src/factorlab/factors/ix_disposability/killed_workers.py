"""IX. Disposability: a worker is killed at the worst moments, and each job is done once."""

import secrets
import time
from collections import Counter
from dataclasses import replace

from factorlab.factors.viii_concurrency.mail_rig import IDLE_SECONDS, WAITS_WITHOUT_END, until
from factorlab.lab import App, Lab, OneOff, Postgres, kill_at_commit
from factorlab.questions.deploys import Config, deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

JOBS = 12
KILLS = 3
DONE_SECONDS = 90
"""How long the last worker may take for all that is left."""
STUCK_SECONDS = 20
"""Without a single new charge for so long, what is missing is lost."""
WORKER = ("python", "worker.py")
TABLE = "charges"


def _measure(lab: Lab, subject: Subject, *, done: bool) -> Finding:
    """Send jobs, kill workers, each while it commits a charge, let the last one finish, count."""
    config = fill(lab, subject, "bank")
    if config.database is None:
        raise ValueError("the contract needs a database")
    web = deploy(lab, subject, config)
    jobs = [f"job-{secrets.token_hex(4)}" for _ in range(JOBS)]
    taken = _submit(web, subject, jobs)
    killed = 0
    for _ in range(KILLS):
        if not kill_at_commit(
            lambda: _worker(lab, subject, config), config.database, TABLE, done=done
        ):
            break
        killed += 1
    worker = _worker(lab, subject, config)
    counts = _settled(config.database, jobs)
    lost = sum(counts[job] == 0 for job in jobs)
    again = sum(max(0, counts[job] - 1) for job in jobs)
    seen = f"{taken} of {JOBS} jobs accepted; {killed} workers killed at a charge; " + _words(
        lost, again
    )
    good = taken == JOBS and killed == KILLS and not lost and not again
    if good:
        late = _late(web, subject, config.database)
        seen += f"; then {late} of 1 after it was idle"
        good = late == 1
    log = worker.logs(tail=8)
    return Finding(
        judged(good),
        expected=_expected(),
        seen=seen,
        columns=("charges of a job", "jobs"),
        rows=sorted(Counter(counts[job] for job in jobs).items()),
        log="" if good else log,
    )


def _expected() -> str:
    return (
        f"{JOBS} of {JOBS} jobs accepted; {KILLS} workers killed at a charge; {_words(0, 0)}; "
        "then 1 of 1 after it was idle"
    )


def _words(lost: int, again: int) -> str:
    return f"{lost} jobs never charged; {again} charges too many"


def _worker(lab: Lab, subject: Subject, config: Config) -> OneOff:
    return lab.job(subject.image, "worker", WORKER, env=config.env, wait=False)


def _submit(web: App, subject: Subject, jobs: list[str]) -> int:
    """Hand in the jobs, one after the other; how many were accepted with 2xx."""
    write = subject.contract.write
    calls = [replace(write, json={"job": job}) for job in jobs]
    return web.load(calls, at_once=1).succeeded


def _late(web: App, subject: Subject, bank: Postgres) -> int:
    """Hand in one more job, and count its charges once it has one."""
    job = f"job-{secrets.token_hex(4)}"
    if not _submit(web, subject, [job]):
        return 0
    return until(1, lambda: _counted(bank)[job], STUCK_SECONDS)


def _settled(bank: Postgres, jobs: list[str]) -> Counter[str]:
    """How often each job was charged, once nothing changes any more."""
    counts, began = _counted(bank), time.monotonic()
    changed = began
    while time.monotonic() - began < DONE_SECONDS:
        wait = STUCK_SECONDS if any(counts[job] == 0 for job in jobs) else IDLE_SECONDS
        if time.monotonic() - changed > wait:
            break
        time.sleep(0.2)
        now = _counted(bank)
        if now != counts:
            counts, changed = now, time.monotonic()
    return counts


def _counted(bank: Postgres) -> Counter[str]:
    return Counter(
        {
            str(job): int(n)
            for job, n in bank.query(f"SELECT job, count(*) FROM {TABLE} GROUP BY job")
        }
    )


@question(
    "no-job-is-lost",
    factor="IX",
    text="Is every job done, also when its worker is killed over it?",
    how=f"{JOBS} jobs are handed in. Then {KILLS} workers are started, one after the other. Each "
    "gets SIGKILL in the moment when it is about to commit a charge: all its statements are done, "
    f"and the charge does not stand yet. A last worker does the rest, is idle for {IDLE_SECONDS} s, and gets one "
    "more job. The charges are counted in the database.",
    remedy="let a job stay in a place that outlives the worker until its charge is committed, and "
    "let a worker that starts take up again what the last one had in hand. One that ended while it "
    f"was idle {WAITS_WITHOUT_END}",
)
def no_job_is_lost(lab: Lab, subject: Subject) -> Finding:
    """Before the commit: whoever has let go of the job by now has lost it."""
    return _measure(lab, subject, done=False)


@question(
    "no-job-is-done-twice",
    factor="IX",
    text="Is every job done once, also when its worker is killed right after it?",
    how=f"{JOBS} jobs are handed in. Then {KILLS} workers are started, one after the other. Each "
    "gets SIGKILL when its charge has been committed, and before it has heard so. A last worker "
    f"does the rest, is idle for {IDLE_SECONDS} s, and gets one more job. The charges are counted in the database.",
    remedy="a worker cannot know whether the one before it had charged. Give each charge a key that "
    "the database accepts once, or commit the charge and the end of the job in one transaction. One "
    f"that ended while it was idle {WAITS_WITHOUT_END}",
)
def no_job_is_done_twice(lab: Lab, subject: Subject) -> Finding:
    """After the commit: whoever takes the job up again, as it must, charges a second time."""
    return _measure(lab, subject, done=True)
