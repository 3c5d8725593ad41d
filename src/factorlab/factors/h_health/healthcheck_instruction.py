"""H. Health checks, inside an image: what its HEALTHCHECK says of the app, in three situations."""

from contextlib import suppress
from dataclasses import dataclass, replace

from factorlab.errors import Endless, NoAnswer
from factorlab.lab import App, Lab, Redis
from factorlab.lab.apps.process import KILLED
from factorlab.questions.deploys import Config, deploy, fill
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

SECONDS = 60
"""How long a HEALTHCHECK may take on a machine that is busy."""
OVER_SECONDS = 60
"""How much longer than its own time limit it may take: `timeout` is a program of the image, and may
not be what it is called."""
SILENT_SECONDS = 15
"""How long one is waited for that gets no answer: engines end it, and call that unhealthy."""
HEALTHY = "healthy"
_HOW = (
    "The command of the image's HEALTHCHECK is run in the app's container, as the engine runs it; "
    "status 0 is healthy, anything else is not. "
)


@dataclass(frozen=True)
class Said:
    """What a HEALTHCHECK said: in words, and what it wrote."""

    words: str
    output: str = ""

    @property
    def healthy(self) -> bool:
        return self.words == HEALTHY


def _ask(app: App, seconds: int = SECONDS) -> Said:
    """Run what the image declares; its own clock (interval, retries) is the engine's business."""
    declared = (app.inspect()["Config"].get("Healthcheck") or {}).get("Test") or ["NONE"]
    kind, words = declared[0], declared[1:]
    if kind == "NONE":
        return Said("no HEALTHCHECK in the image")
    if app.exit_code is not None:
        return Said(f"the app had ended with exit code {app.exit_code}", app.logs(tail=8))
    command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else words
    limited = ("timeout", "-k", "1", str(seconds), *command)
    try:
        status, output = app.exec(*limited, seconds=seconds + OVER_SECONDS)
    except Endless as error:  # neither healthy nor not: nobody knows what it would have said
        return Said("it was given up", error.what)
    if status == 0:
        return Said(HEALTHY, output)
    silent = status in (124, KILLED)
    answer_text = f"no end within {seconds} s" if silent else f"status {status}"
    return Said(f"unhealthy ({answer_text})", output)


def _config(lab: Lab, subject: Subject, any_port: bool = False) -> Config:
    """That of one replica: on a port drawn at random, or on the usual one, so that a port written into the
    HEALTHCHECK fails one question and not all."""
    config = fill(lab, subject, "health")
    if not any_port:
        usual, ports = str(subject.contract.port), subject.contract.of_kind("port")
        env = config.env | {variable.name: usual for variable in ports}
        config = replace(config, env=env, port=subject.contract.port)
    return config


def _finding(expected: str, said: list[tuple[str, Said]], good: bool) -> Finding:
    shown = [one.output.strip()[-600:] for _, one in said if one.output.strip()]
    return Finding(
        judged(good),
        expected=expected,
        seen=", ".join(f"{when}: {one.words}" for when, one in said),
        log="" if good else "\n".join(shown),
    )


@question(
    "healthcheck-says-healthy",
    factor="H",
    text="Does the image's HEALTHCHECK call a healthy app healthy, on any port?",
    how=_HOW + "The app is given a random port.",
    remedy="use what the image has: there is no curl in it, and Python is. Take the port from the "
    "variable PORT.",
)
def healthcheck_says_healthy(lab: Lab, subject: Subject) -> Finding:
    """Where the app listens is asked elsewhere; `deploy` finds it on either port."""
    app = deploy(lab, subject, _config(lab, subject, any_port=True))
    said = _ask(app)
    app.remove()
    return _finding("on a random port: healthy", [("on a random port", said)], said.healthy)


@question(
    "healthcheck-notices-a-wedge",
    factor="H",
    text="Does the image's HEALTHCHECK notice an app that runs and answers nobody?",
    how=_HOW + "It is asked once while all is well. Then POST /report makes the app wait without "
    "end, and it is asked again.",
    remedy="have it send a request and wait for the status of the answer: a process in the list, or "
    "a connection that is accepted, says nothing of an app that hangs.",
)
def healthcheck_notices_a_wedge(lab: Lab, subject: Subject) -> Finding:
    """Without an answer in time, the engine ends the command and calls that unhealthy."""
    app = deploy(lab, subject, _config(lab, subject))
    report = subject.contract.request("report")
    before = _ask(app)
    with suppress(NoAnswer):
        app.send(report, seconds=1)
    after = _ask(app, SILENT_SECONDS)
    app.remove()
    return _finding(
        "all is well: healthy, it hangs: unhealthy",
        [("all is well", before), ("it hangs", after)],
        before.healthy and after.words.startswith("unhealthy"),
    )


@question(
    "healthcheck-spares-an-outage",
    factor="H",
    text="Does the image's HEALTHCHECK leave Redis out of it?",
    how=_HOW
    + "It is asked once while all is well, then while Redis is paused, then while Redis is "
    "stopped.",
    remedy="ask GET /live: who acts on a HEALTHCHECK replaces the container, and a new container "
    "mends no Redis.",
)
def healthcheck_spares_an_outage(lab: Lab, subject: Subject) -> Finding:
    """Both kinds of outage, since a client may be quick about the one and slow about the other."""
    config = _config(lab, subject)
    app = deploy(lab, subject, config)
    store = next(s for s in config.services if isinstance(s, Redis))
    said = [("all is well", _ask(app))]
    store.pause()
    try:
        said.append(("Redis is paused", _ask(app)))
    finally:
        store.unpause()
    store.stop()
    said.append(("Redis is stopped", _ask(app)))
    app.remove()
    store.remove()
    expected = ", ".join(f"{when}: {HEALTHY}" for when, _ in said)
    return _finding(expected, said, all(one.healthy for _, one in said))
