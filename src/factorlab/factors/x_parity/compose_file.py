"""X. Dev/prod parity: a Compose file that brings everything up, in the versions of production."""

import secrets
import time
from dataclasses import dataclass

from factorlab.engine.images import inspection
from factorlab.errors import FactorLabError, NotReady
from factorlab.lab import Lab
from factorlab.lab.compose.lab_rules import Project, read_compose
from factorlab.lab.compose.stack import Stack
from factorlab.questions.deploys import random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

APP, PASSWORD = "app", "DB_PASSWORD"
HELD = (2.0, 2.0, 10.0)
"""Seconds that the database of each round is held in its start, at least."""
HELD_MOST, RESTARTS_MOST, READY_SECONDS = 45.0, 180.0, 60.0
RESTARTS, ASKED = 3, 3


@dataclass(frozen=True)
class Round:
    """One start from nothing. `meanwhile` is what became of the app while the database was held."""

    meanwhile: str
    end: str
    good: bool


@question(
    "stack-comes-up-from-nothing",
    factor="X",
    text="Does everything come up from nothing, however long the database takes?",
    how="The project is started from nothing, three times. Each time the database refuses "
    "connections for a while that nobody knows beforehand; once its own checks, or the app, have "
    "asked it, it finishes its start. Then the app must answer GET / within a minute, take an "
    "order that is found in the database, and have been restarted at most 3 times.",
    remedy="look at the first round that failed. Either hold the app back (a healthcheck that asks "
    "the database, and condition: service_healthy), or let it ask again and again. The number of "
    "seconds that a database takes is known to nobody.",
)
def stack_comes_up_from_nothing(lab: Lab, subject: Subject) -> Finding:
    """The outcome is forced: the database is ready when somebody has been refused, not before."""
    rounds: list[Round] = []
    log = ""
    for held in HELD:
        stack = lab.stack(_project(subject, secrets.token_urlsafe(12)), lambda: subject.image, True)
        try:
            rounds.append(_round(lab, stack, subject, held))
            log = log if rounds[-1].good else _logs(stack)
        finally:
            stack.down()
        if not rounds[-1].good:
            break
    good = sum(one.good for one in rounds)
    return Finding(
        judged(good == len(HELD)),
        expected=f"{len(HELD)} of {len(HELD)} rounds end with an app that works",
        seen=f"{good} of {len(HELD)} rounds end with an app that works"
        + ("" if good == len(HELD) else f"; in round {len(rounds)}, {rounds[-1].end}"),
        columns=("round", "while the database was held", "at the end"),
        rows=[(number, one.meanwhile, one.end) for number, one in enumerate(rounds, 1)],
        log=log,
    )


def _project(subject: Subject, password: str) -> Project:
    """The answer's project, started by somebody with this password. Raises Refused."""
    project = read_compose(subject.files, {PASSWORD: password})
    kinds = sorted(service.kind or APP for service in project.services.values())
    if APP not in project.services or not {"postgres", "redis"} <= set(kinds):
        raise FactorLabError(
            f"The Compose file has the services {', '.join(project.services)}.",
            next="it needs app, which is built, a PostgreSQL and a Redis.",
        )
    return project


def _round(lab: Lab, stack: Stack, subject: Subject, held: float) -> Round:
    meanwhile = _hold(lab, stack, held)
    if stack.state(APP).status == "exited" or APP in stack.given_up:
        return Round(meanwhile, _fate(stack), False)
    stack.release()
    if not stack.ready(APP, READY_SECONDS):
        return Round(meanwhile, _fate(stack), False)
    if (restarts := stack.state(APP).restarts) > RESTARTS:
        return Round(meanwhile, f"the app answers, after {restarts} restarts", False)
    databases = [name for name, one in stack.project.services.items() if one.kind == "postgres"]
    before = sum(stack.rows(name) for name in databases)
    write = subject.contract.write
    stack.app(APP).send(write)
    arrived = sum(stack.rows(name) for name in databases) > before
    end = "the app works" if arrived else "the app answers, and its order is not in the database"
    return Round(meanwhile, end, arrived)


def _hold(lab: Lab, stack: Stack, held: float) -> str:
    """Start everything with a database that refuses connections, until it was asked or the app is
    lost; what became of the app meanwhile."""
    began, limit = time.monotonic(), HELD_MOST
    while lab.probe.patient(passed := time.monotonic() - began, limit):
        stack.step()
        if ended := _end_while_held(stack, long=passed > held):
            return ended
        limit = RESTARTS_MOST if stack.state(APP).restarts else HELD_MOST
        time.sleep(0.3)
    if 0 < stack.state(APP).restarts <= RESTARTS:
        raise NotReady(
            f"The app was started again, and not {RESTARTS + 1} times in {RESTARTS_MOST:.0f} seconds.",
            next="check again when the machine is less busy.",
        )
    if stack.state(APP).status == "running" and not stack.attempts(APP):
        return f"the app ran for {HELD_MOST:.0f} seconds without asking"
    return "the app was held back" if stack.state(APP).status == "waiting" else "the app ran"


def _end_while_held(stack: Stack, *, long: bool) -> str:
    """What has become of the app by now, or nothing while that is open. `long` says that the
    database has been held for as long as it has to be."""
    state = stack.state(APP)
    if APP in stack.given_up or state.status == "exited":
        return _fate(stack)
    if state.restarts > RESTARTS:
        return f"the app was restarted {state.restarts} times"
    if long and state.status == "waiting" and _asked_by_engine(stack):
        stack.step()  # what the check has found counts, not what would be found a moment later
        if stack.state(APP).status == "waiting":
            return _fate(stack) if APP in stack.given_up else "the app was held back"
    if state.status == "running" and not state.restarts:
        stack.answers(APP)  # an app may ask its database only when it is asked itself
        if long and stack.attempts(APP) >= ASKED:
            return "the app asked again and again"
    return ""


def _asked_by_engine(stack: Stack) -> bool:
    """Whether the health check of every database has run."""
    return all(
        stack.health_checks(name)
        for name, service in stack.project.services.items()
        if service.kind == "postgres" and service.upkeep.health
    )


def _fate(stack: Stack) -> str:
    """What became of an app that does not answer."""
    state = stack.state(APP)
    if APP in stack.given_up:
        return f"the app was {stack.given_up[APP]}"
    if state.status == "exited":
        again = f" after {state.restarts} restarts" if state.restarts else ""
        return f"the app ended with exit code {state.exit_code}{again}"
    if state.status == "waiting":
        return "the app was never started"
    return f"the app does not answer within {READY_SECONDS:.0f} seconds"


def _logs(stack: Stack) -> str:
    """The last lines of each service, the app's at the end."""
    names = sorted(stack.project.services, key=lambda name: name == APP)
    return "\n".join(f"--- {name}\n{stack.logs(name, tail=8)}" for name in names)


@question(
    "no-credentials-in-image",
    factor="X",
    text="Does the database's password come from outside, and stay outside of the image?",
    how="The file is read with a random DB_PASSWORD. That must be the password of the database. "
    "Then all layers of the app's image are searched for it, and for what lies in .env.",
    remedy="write ${DB_PASSWORD} wherever the file needs the password, and let the Dockerfile copy "
    "only what the app needs: COPY app.py .",
)
def no_credentials_in_image(lab: Lab, subject: Subject) -> Finding:
    """The random word is in no file; what else the database takes as password is searched too."""
    password = random_word("password")
    services = _project(subject, password).services.values()
    used = [one.env.get("POSTGRES_PASSWORD", "") for one in services if one.kind == "postgres"]
    right = all(each == password for each in used)
    needles = [*subject.secrets, *(each for each in used if len(each) > 7)]
    image = subject.image.id
    found = inspection.find_in_files([image], needles)[image] + inspection.find_in_record(
        image, needles
    )
    password_text = "is DB_PASSWORD" if right else "is another one" if all(used) else "is not set"
    places = ", ".join(sorted(set(found)))
    return Finding(
        judged(right and not found),
        expected="the database's password is DB_PASSWORD, and no credentials in the image",
        seen=f"the database's password {password_text}, and "
        + (f"credentials in the image: {places}" if found else "no credentials in the image"),
    )


@question(
    "image-versions-are-fixed",
    factor="X",
    text="Does each image's name mean the same version next year?",
    how="Every image that the Compose file names is looked at: its tag must hold all numbers of "
    "a version (postgres:15.20, redis:7.0.15), or it must name a digest (@sha256:…).",
    remedy="name all numbers of the version. :15 and :7 move with each release, and so does "
    ":latest, which is also meant where no tag stands.",
)
def image_versions_are_fixed(lab: Lab, subject: Subject) -> Finding:
    """The name is what is asked about: what it means today does not count."""
    services = _project(subject, random_word("password")).services.values()
    rows = [
        (one.name, one.image, "fixed" if one.fixed else "moves") for one in services if one.image
    ]
    fixed = sum(one.fixed for one in services if one.image)
    return Finding(
        judged(fixed == len(rows)),
        expected=f"{len(rows)} of {len(rows)} names are fixed",
        seen=f"{fixed} of {len(rows)} names are fixed",
        columns=("service", "image", "what its name does"),
        rows=rows,
    )
