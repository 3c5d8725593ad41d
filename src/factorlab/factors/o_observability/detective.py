"""O. Observability: what went wrong, where and for whom, is found in telemetry alone."""

import random
import secrets
from functools import partial

from factorlab.errors import NotStarted
from factorlab.factors.o_observability.planted_traces import KINDS, SERVICES, Case, case
from factorlab.lab import Lab, OneOff
from factorlab.questions import commands
from factorlab.questions.deploys import random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

EACH = 2
"""Cases of one kind in one service."""
CASES = EACH * len(SERVICES)
SAID = 60


def _solve(lab: Lab, subject: Subject, one: Case) -> OneOff:
    """Hand one case to the answer, as a file."""
    path = lab.mount(random_word("case"), "\n".join(one.lines) + "\n")
    return commands.run(lab, subject, "detective", {}, path)


def _report_of(job: OneOff) -> str:
    """The one line that it printed, or what came in its place."""
    lines = job.out.split("\n")
    words = [" ".join(line.split()) for line in lines if line.strip()]
    if job.exit_code != 0:
        return commands.ended(job)
    return words[0][:SAID] if len(words) == 1 else f"{len(words)} lines"


def _found(lab: Lab, subject: Subject, kind: str) -> Finding:
    """Cases are drawn anew each time, so no answer can be known before. A word that is right by
    chance is right in one case, not in all."""
    chance = random.Random(secrets.randbits(64))
    drawn = [case(service, kind, chance) for service in SERVICES for _ in range(EACH)]
    chance.shuffle(drawn)
    jobs = lab.together(*(partial(_solve, lab, subject, one) for one in drawn))
    said = [_report_of(job) for job in jobs]
    log = next((job.err for job in jobs if job.exit_code != 0), "").strip()[-1500:]
    if all(job.exit_code not in (0, None) for job in jobs):
        raise NotStarted(
            f"`python detective.py FILE` fails on every case: {said[0]}.",
            why=log or "(it wrote nothing)",
            next="read its last lines above; it must end with exit code 0.",
            logs=log,
            exit_code=jobs[0].exit_code,
        )
    for job in jobs:
        job.remove()
    right = sum(word == str(one.fault) for word, one in zip(said, drawn, strict=True))
    return Finding(
        judged(right == CASES),
        expected=f"{CASES} of {CASES} cases are named right",
        seen=f"{right} of {CASES} cases are named right",
        columns=("planted", "your program says"),
        rows=[(str(one.fault), word) for one, word in zip(drawn, said, strict=True)],
        log=log,
    )


def _how(trouble: str) -> str:
    return (
        f"{CASES} cases, made up anew for each run: {EACH} in each service, for one of "
        f"5 tenants each. {trouble} `python detective.py FILE` is run on each, in a container of "
        "its own. Its standard output must be one line: service, tenant, kind."
    )


@question(
    "errors-are-traced",
    factor="O",
    text="Does it name the service and the tenant when requests fail?",
    how=_how("Most requests of that tenant fail; the loudest tenant has more failures in sum."),
    remedy="look for the span in which the exception was raised, not for those that failed with "
    "it; take the tenant from the trace's root; compare shares of requests, not sums.",
)
def errors_are_traced(lab: Lab, subject: Subject) -> Finding:
    """A failure in prices makes all spans above it fail too."""
    return _found(lab, subject, KINDS[0])


@question(
    "slowness-is-traced",
    factor="O",
    text="Does it name the service and the tenant when requests are slow?",
    how=_how("Most requests of that tenant are slow; a few of every other tenant are, too."),
    remedy="compare what a span did itself: its duration less those of the spans right below it. "
    "Whoever waits for a slow service is as slow, and not to blame.",
)
def slowness_is_traced(lab: Lab, subject: Subject) -> Finding:
    """Slow in prices is slow in the shop, too, by its whole duration."""
    return _found(lab, subject, KINDS[1])


@question(
    "repeats-are-traced",
    factor="O",
    text="Does it name the service and the tenant when calls are repeated?",
    how=_how("In most requests of that tenant, one span of the service makes 12 calls or more."),
    remedy="count the spans right below one span: 12 and more are too many, 1 to 3 are usual. The "
    "service is that of the span which calls, not of those that are called.",
)
def repeats_are_traced(lab: Lab, subject: Subject) -> Finding:
    """Many calls take long, and no single span is slow."""
    return _found(lab, subject, KINDS[2])
