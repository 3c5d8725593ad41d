"""III. Config, the exception: a short-lived credential lies in a mounted file that is replaced
while the app runs. The environment holds only the file's path (FACTORS: twelve-factor#4, draft)."""

import secrets
import time
from dataclasses import dataclass
from pathlib import PurePosixPath

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Postgres
from factorlab.lab.apps.http import is_success
from factorlab.questions.deploys import deploy, fill, send
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

WRITES = 3
IN_A_ROW = 10
NOTICED_SECONDS = 5
"""How long an app may go on failing before it must have noticed the new password."""
LONGEST_SECONDS = 20
"""How long one write may take: psycopg_pool waits 1 + 2 + 4 s while it finds its usual four
connections dead, and then answers."""


@question(
    "serves-from-mounted-file",
    factor="III",
    text="Does it take its credentials from the mounted file?",
    how=f"One deploy gets the path of a file with the database's URL, and {WRITES} writes; "
    "then the rows are counted in the database.",
    remedy="read the path from the variable, and the URL from the file at that path.",
)
def serves_from_mounted_file(lab: Lab, subject: Subject) -> Finding:
    """The floor under a rotation: without it, nothing that follows means anything."""
    seen = subject.once(_mounted, lab)
    return Finding(
        judged(seen.arrived == WRITES),
        expected=f"{WRITES} rows in the database",
        seen=f"{seen.arrived} rows; {seen.answered} of {WRITES} writes were answered 2xx",
        log=seen.log,
    )


@dataclass(frozen=True)
class Mounted:
    """A deploy with the path of a mounted file, after its first writes."""

    app: App
    database: Postgres
    files: tuple[str, ...]
    """The names of the mounted files."""
    answered: int
    arrived: int
    """Rows that those writes left in the database."""
    log: str


def _mounted(lab: Lab, subject: Subject) -> Mounted:
    """The deploy, made once for an answer: a rotation goes on where the first question ends."""
    config = fill(lab, subject, "mounted")
    app = deploy(lab, subject, config)
    assert config.database is not None
    variables = subject.contract.of_kind("postgres-file")
    files = tuple(PurePosixPath(config.env[variable.name]).name for variable in variables)
    answered = send(app, subject.contract.write, WRITES)
    rows = config.database.rows()
    return Mounted(app, config.database, files, answered, rows, app.logs(tail=8))


@dataclass(frozen=True)
class Rotation:
    """What was counted before, while and after the password was changed."""

    before: int
    in_a_row: int
    arrived: int
    """Rows that those writes in a row left in the database."""
    same_start: bool
    running: bool
    under_way: int | None
    log: str

    @property
    def goes_on(self) -> bool:
        """Whether writes succeed after the change. Rows count, not responses: an app can answer
        200 to an order that it threw away."""
        return self.in_a_row == IN_A_ROW and self.arrived >= IN_A_ROW


def _rotate(lab: Lab, subject: Subject) -> Rotation:
    """The experiment, run once for an answer: two questions are asked of it."""
    mounted, write = subject.once(_mounted, lab), subject.contract.write
    app, database = mounted.app, mounted.database
    before, started = mounted.answered, app.state.started_at
    try:
        under_way = app.begin(write.method, write.path, write.json)
    except NoAnswer:  # it ended at one of the writes before
        under_way = None
    database.set_password(secrets.token_urlsafe(12))
    for file in mounted.files:
        lab.mount(file, database.url)
    in_a_row = 0
    rows = database.rows()
    # Only failures are held to the deadline: what began to succeed may finish on a slow machine.
    # An app that could not write before has nothing to notice.
    deadline = time.monotonic() + (NOTICED_SECONDS if before else 0)
    while in_a_row < IN_A_ROW and (in_a_row or time.monotonic() < deadline):
        if send(app, write, 1, seconds=LONGEST_SECONDS):
            in_a_row += 1
        else:
            in_a_row, rows = 0, database.rows()
    arrived, state = database.rows() - rows, app.state
    running = state.status == "running"
    return Rotation(
        before,
        in_a_row,
        arrived,
        state.started_at == started and state.restarts == 0,
        running,
        under_way.finish() if under_way and running else None,
        app.logs(tail=8),
    )


@question(
    "survives-rotation",
    factor="III",
    text="Does it go on working when the password is changed while it runs?",
    how="The database's password is changed, old connections are ended, and the mounted file is "
    f"replaced. Then writes are sent until {IN_A_ROW} in a row succeed; their rows are counted.",
    remedy="read the file when you connect, not when the program starts; a pool must drop "
    "connections that the database has ended.",
)
def survives_rotation(lab: Lab, subject: Subject) -> Finding:
    """Counts successes in a row; the seconds are only an upper bound."""
    seen = subject.once(_rotate, lab)
    good = seen.before == WRITES and seen.goes_on
    return Finding(
        judged(good),
        expected=f"{WRITES} of {WRITES} writes before, {IN_A_ROW} in a row after, "
        f"begun within {NOTICED_SECONDS} s",
        seen=f"{seen.before} of {WRITES} before; {seen.in_a_row} in a row after"
        + (f", which left {seen.arrived} rows" if seen.arrived < seen.in_a_row else ""),
        log=seen.log,
    )


@question(
    "rotates-without-restart",
    factor="III",
    text="Is nobody cut off while the password is changed?",
    how="A request is begun before the change and finished after it; the app's process must be "
    "the same, and the request must be answered.",
    remedy="keep the process running (no exit, no reload, no new start), and have it use the new "
    "password: a request that is cut off, or answered with an error, is lost.",
)
def rotates_without_restart(lab: Lab, subject: Subject) -> Finding:
    """A request held open spans the rotation, so a process that replaces itself is noticed even
    where the container's own start time stays the same."""
    seen = subject.once(_rotate, lab)
    answered = is_success(seen.under_way)
    good = answered and seen.same_start and seen.goes_on
    return Finding(
        judged(good),
        expected="the request under way is answered 2xx by the same, never restarted container",
        seen=(f"it was answered {seen.under_way}" if seen.under_way else "it was not answered")
        + "; the container "
        + ("ended" if not seen.running else "ran on" if seen.same_start else "was restarted")
        + ("" if seen.goes_on else "; writes fail since the change"),
        log=seen.log,
    )
