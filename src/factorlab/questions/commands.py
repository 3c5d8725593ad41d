"""Running a subject's commands as one-off processes: its image, its environment, another command."""

from collections.abc import Mapping

from factorlab.errors import NotStarted
from factorlab.lab import Lab, OneOff
from factorlab.questions.subject import Subject

SECONDS = 60
"""How long a command may take to end."""


def start(lab: Lab, subject: Subject, command: str, env: Mapping[str, str], *more: str) -> OneOff:
    """Start a command of the contract, with further words, and do not wait."""
    words = (*subject.contract.command(command), *more)
    return lab.job(subject.image, subject.name, words, env=env, wait=False)


def run(lab: Lab, subject: Subject, command: str, env: Mapping[str, str], *more: str) -> OneOff:
    """Run a command of the contract to its end, at most 60 seconds."""
    job = start(lab, subject, command, env, *more)
    job.wait(SECONDS)
    return job


def must_work(
    lab: Lab, subject: Subject, command: str, env: Mapping[str, str], *more: str
) -> OneOff:
    """Run a command that everything else rests on. Raises NotStarted, with its last lines, when it
    does not end with exit code 0."""
    job = run(lab, subject, command, env, *more)
    if job.exit_code == 0:
        return job
    words = " ".join((*subject.contract.command(command), *more))
    last = job.logs(tail=12)
    raise NotStarted(
        f"`{words}`, run alone on a fresh database: {ended(job)}.",
        why=last or "(it wrote nothing)",
        next="it must end by itself: nothing in it may wait for requests.",
        logs=last,
        exit_code=job.exit_code,
    )


def ended(job: OneOff) -> str:
    """How a job ended, in words."""
    code = job.exit_code
    return f"still running after {SECONDS} s" if code is None else f"exit code {code}"
