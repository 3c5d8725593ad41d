"""IX. Disposability: an app that starts before its database does, and is ready in seconds."""

import time
from dataclasses import dataclass

from factorlab.engine.build.build import Build
from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, OneOff, Postgres
from factorlab.lab.apps.http import is_success
from factorlab.questions.deploys import fill, launch
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.needs import POSTGRES, READY, WRITE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

READY_SECONDS = 3
ABSENT_SECONDS = 5
RESTARTS = 3
SLOW_SECONDS = 7
"""A machine that takes longer for the imports of an app can tell nothing about seconds."""
ROOM = 3
"""So many times the imports are added to the seconds that are promised."""
LOOK_SECONDS = 240
UNTRIED_SECONDS = 45
REFUSED = 'role "shop" is not permitted to log in'
"""What the server writes into its log for each try."""
LATE_SECONDS = 60
MOST_SECONDS = 24
"""The most that is ever added."""
SURELY_LATE_SECONDS = 40
"""What takes longer is late on any machine."""
IMPORTS = ("python", "-c", "import fastapi, psycopg, uvicorn")


@dataclass(frozen=True)
class Boot:
    """One start, and what was seen of it. `soon` is the time from the moment when the app could
    be ready until it said so, or None when it never did; `lied` whether it said so before."""

    restarts: int
    ended: bool
    lied: bool
    soon: float | None
    kept: bool
    log: str

    @property
    def looped(self) -> bool:
        """Whether it left waiting to the engine."""
        return self.ended or self.restarts > RESTARTS

    @property
    def waiting(self) -> str:
        """How it waited, in words."""
        if self.ended:
            return "it ended by itself, with exit code 0"
        return f"{_count(self.restarts)} by the engine"


@question(
    "ready-from-the-start",
    factor="IX",
    group="boot",
    needs=(READY,),
    text="Is the app ready within seconds when nothing is missing?",
    how="The app is started while its database runs, and asked until it says that it is ready. A "
    "slow machine is given more time, by what its imports take.",
    remedy="wait for the database only while it is not there: a sleep waits also when it is.",
)
def ready_from_the_start(lab: Lab, subject: Subject) -> Finding:
    """No sleep is as long as the database happens to need."""
    config = fill(lab, subject, "present")
    began = time.monotonic()
    app = launch(lab, subject, config, restart=True)
    soon = _ready_after(app, subject, began)
    boot = Boot(app.state.restarts, False, False, soon, False, app.logs(tail=8))
    app.remove()
    outcome, words = _soon(lab, boot)
    wanted = f"ready within {READY_SECONDS} s: yes; 0 restarts by the engine"
    if outcome is Outcome.INCONCLUSIVE:
        return Finding(outcome, wanted, words)
    good = outcome is Outcome.PASSED and boot.restarts == 0
    return Finding(
        judged(good),
        wanted,
        f"ready within {READY_SECONDS} s: {words}; {boot.waiting}",
        log="" if good else boot.log,
    )


@question(
    "waits-for-its-database",
    factor="IX",
    group="boot",
    needs=(
        POSTGRES,
        READY,
        WRITE,
    ),
    text="Does the app bear that its database is not there yet?",
    how="The app is started while its database lets nobody in, as one that is starting up does. "
    f"That stays so until the app has tried, and has then been up for at least {ABSENT_SECONDS} s. The "
    "engine starts it again whenever it fails, and counts; then the database lets it in.",
    remedy="try again inside the app, with a short pause between, or connect at the first request. "
    "An app that ends and hopes for the next start is down for longer each time: the engine "
    "doubles its pause.",
)
def waits_for_its_database(lab: Lab, subject: Subject) -> Finding:
    """The database stays shut until the app has either stayed or failed too often."""
    boot = subject.once(_late, lab)
    return Finding(
        judged(not boot.looped),
        expected=f"at most {RESTARTS} restarts by the engine",
        seen=boot.waiting,
        log=boot.log if boot.looped else "",
    )


@question(
    "ready-when-the-database-is",
    factor="IX",
    group="boot",
    needs=(
        POSTGRES,
        READY,
        WRITE,
    ),
    text="Is the app ready soon after its database is, and not before?",
    how="The same start. While the database lets nobody in, the app is asked whether it is ready. "
    "Once it lets the app in, it is asked until it says so; then an order is sent, and the rows in "
    "the database are counted. A slow machine is given more time, by what its imports take.",
    remedy="look at what GET /ready says while no database can be reached (503), and at how long "
    f"the app waits between two tries: more than {READY_SECONDS} s between them is too long.",
)
def ready_when_the_database_is(lab: Lab, subject: Subject) -> Finding:
    """An order that arrives proves that ready means ready."""
    boot = subject.once(_late, lab)
    early = "yes" if boot.lied else "no"
    wanted = f"ready before the database: no; ready within {READY_SECONDS} s after it: yes; "
    wanted += "1 of 1 orders kept"
    if boot.looped:
        return Finding(judged(False), wanted, f"not up to be asked: {boot.waiting}", log=boot.log)
    outcome, soon = _soon(lab, boot)
    if outcome is Outcome.INCONCLUSIVE:
        return Finding(outcome, wanted, soon)
    good = outcome is Outcome.PASSED and boot.kept and not boot.lied
    return Finding(
        judged(good),
        expected=wanted,
        seen=f"ready before the database: {early}; ready within {READY_SECONDS} s after it: {soon}; "
        f"{int(boot.kept)} of 1 orders kept",
        log="" if good else boot.log,
    )


def _late(lab: Lab, subject: Subject) -> Boot:
    """Start the app while its database lets nobody in. One experiment, two questions."""
    config = fill(lab, subject, "late")
    if (database := config.database) is None:
        raise ValueError("the contract needs a database")
    before = database.rows()
    database.query("ALTER ROLE shop NOLOGIN")
    app = launch(lab, subject, config, restart=True)
    absent = ABSENT_SECONDS + min(ROOM * _imports(lab), MOST_SECONDS)
    lied, ended = _left_alone(app, subject, database, absent)
    restarts = app.state.restarts
    database.query("ALTER ROLE shop LOGIN")
    loops = ended or restarts > RESTARTS
    soon = None if loops else _ready_after(app, subject, time.monotonic())
    if soon is not None:
        _status(app, subject, "write")
    kept = database.rows() > before
    restarts = max(restarts, app.state.restarts)
    found = Boot(restarts, ended, lied, soon, kept, app.logs(tail=8))
    app.remove()
    return found


def _left_alone(app: App, subject: Subject, database: Postgres, absent: float) -> tuple[bool, bool]:
    """Wait until the app has been refused and has stayed up, or failed too often, or ended for
    good; whether it said that it was ready, and whether it ended.

    What counts is that this very process was refused and then stayed up for `absent` seconds:
    on a slow machine it is up for long before it tries, and between two tries. One that does not
    try at all is not waited for.
    """
    lied, start = False, ""
    since = refused_at = deadline = time.monotonic()
    refused = before = 0
    while time.monotonic() - deadline < LOOK_SECONDS:
        state, now = app.state, time.monotonic()
        if state.restarts > RESTARTS:
            break
        if state.status == "exited" and state.exit_code == 0:
            return lied, True
        count = database.whole_log().count(REFUSED)
        if state.started_at != start or state.status != "running":
            start, since, before = state.started_at, now, refused
        if count > refused:
            refused, refused_at = count, refused_at if refused > before else now
        if refused > before and now - refused_at > absent:
            break
        if refused == before and now - since > UNTRIED_SECONDS:
            break
        lied = _is_ready(app, subject) or lied
        time.sleep(0.2)
    return lied, False


def _ready_after(app: App, subject: Subject, began: float) -> float | None:
    """Ask until the app says that it is ready; the seconds since `began`."""
    left = began + LATE_SECONDS - time.monotonic()
    ready = until(lambda: _is_ready(app, subject), left, every=0.1)
    return time.monotonic() - began if ready else None


def _is_ready(app: App, subject: Subject) -> bool:
    return is_success(_status(app, subject, "ready"))


def _status(app: App, subject: Subject, name: str) -> int | None:
    contract = subject.contract
    request = contract.write if name == "write" else contract.request(name)
    try:
        return app.send(request, seconds=5).status_code
    except NoAnswer:
        return None


def _soon(lab: Lab, boot: Boot) -> tuple[Outcome, str]:
    """Whether that was soon, for this machine, and the answer in words."""
    if boot.soon is None:
        return Outcome.FAILED, f"no, nor within {LATE_SECONDS} s"
    if boot.soon <= READY_SECONDS:
        return Outcome.PASSED, "yes"
    took = _imports(lab)
    if boot.soon <= READY_SECONDS + min(ROOM * took, MOST_SECONDS):
        return Outcome.PASSED, "yes"
    if took > SLOW_SECONDS and boot.soon < SURELY_LATE_SECONDS:
        return Outcome.INCONCLUSIVE, f"this machine takes {took:.0f} s for an app's imports"
    return Outcome.FAILED, f"no, after {boot.soon:.0f} s"


def _imports(lab: Lab) -> float:
    """How long this machine takes now to start a container that imports what apps import."""
    began = time.monotonic()
    image = Build(IMAGES["python"].tag, IMAGES["python"].tag)  # an app may have no Python
    job: OneOff = lab.job(image, "imports", IMPORTS)
    took = time.monotonic() - began
    job.remove()
    return took


def _count(restarts: int) -> str:
    return "1 restart" if restarts == 1 else f"{restarts} restarts"
