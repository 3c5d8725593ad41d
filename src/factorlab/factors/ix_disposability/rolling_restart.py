"""IX. Disposability: replicas are replaced while requests come, and none is lost."""

from dataclasses import dataclass

from factorlab.errors import NoAnswer
from factorlab.lab import App, Lab, Request, Router
from factorlab.lab.apps.http import is_success
from factorlab.questions.deploys import REPLICAS, answers, replicas
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

PER_SECOND = 10
EACH_SECONDS = 30
STRAIGHT = 5
"""Requests sent to a replica after it was asked to drain, and before the router knows."""
SAID_SECONDS = 10
BACK_SECONDS = 30
GRACE = 6
NOT_READY = 503


@dataclass
class Counts:
    """What was counted in one rolling restart."""

    ready: int = 0
    left: int = 0
    straight: int = 0
    back: int = 0
    probed: int = 0
    """How many replicas were asked to drain."""

    def words(self, lost: int) -> str:
        """The counts, in the form in which they are expected."""
        return (
            f"{self.ready} of {REPLICAS} replicas ready at first; {self.left} of {self.probed} said "
            f"{NOT_READY} after the drain request; {self.straight} of {STRAIGHT * self.probed} "
            f"requests sent to them then answered; {self.back} of {self.probed} ready again after "
            f"their restart; {lost} requests lost at the router"
        )


@question(
    "drains-before-it-stops",
    factor="IX",
    text="Can every replica be replaced without losing a request?",
    how=f"{REPLICAS} replicas stand behind a router that gets {PER_SECOND} requests a second. One "
    "after the other is asked to drain and then asked whether it is ready, until it says "
    f"{NOT_READY}. {STRAIGHT} more requests are sent straight to it. Then the router is pointed at "
    "the others, and the replica is stopped, started, and asked until it is ready.",
    remedy=f"let the drain request change one thing: what the ready request answers ({NOT_READY} "
    "from then on, 2xx before). Everything else is served as before: until the router knows, "
    "requests come. A new start is ready again.",
)
def drains_before_it_stops(lab: Lab, subject: Subject) -> Finding:
    """The platform believes the app: it takes a replica away as soon as that says so. One that
    never says so is stopped all the same, and is the last one."""
    apps, write = replicas(lab, subject), subject.contract.write
    counts = Counts(ready=sum(_says(app, subject.contract.request("ready"), True) for app in apps))
    router = lab.router(*apps, name="drain-router")
    fire = router.fire(write, per_second=PER_SECOND, seconds=EACH_SECONDS)
    try:
        for app in apps:
            if not _replace(lab, subject, app, apps, router, counts):
                break
    finally:
        load = fire.cease()
        router.remove()
    wanted = Counts(REPLICAS, REPLICAS, STRAIGHT * REPLICAS, REPLICAS, REPLICAS)
    good = counts == wanted and load.lost == 0
    return Finding(
        judged(good),
        expected=wanted.words(0),
        seen=counts.words(load.lost),
        columns=("at the router", "requests"),
        rows=sorted(load.statuses().items()),
        log="" if good else apps[0].logs(tail=8),
    )


def _replace(
    lab: Lab, subject: Subject, app: App, apps: list[App], router: Router, counts: Counts
) -> bool:
    """Replace one replica as a platform does; whether it said that it was leaving."""
    contract, write = subject.contract, subject.contract.write
    drain, ready = contract.request("drain"), contract.request("ready")
    others = [other for other in apps if other is not app]
    counts.probed += 1
    _status(app, drain)
    left = _says(app, ready, False)
    counts.left += left
    try:
        straight = app.begin_load(write, STRAIGHT).finish()
        counts.straight += straight.succeeded
    except NoAnswer:  # it takes no connections any more
        pass
    if left:
        router.point_at(others, drain=True)
    app.stop(GRACE)
    router.point_at(others)
    app.start(wait=False)
    if not answers(lab, subject, app):
        raise app.not_started()
    counts.back += _says(app, ready, True, BACK_SECONDS)
    router.point_at(apps)
    return left


def _status(app: App, request: Request) -> int | None:
    try:
        return app.send(request).status_code
    except NoAnswer:
        return None


def _says(app: App, request: Request, yes: bool, seconds: float = SAID_SECONDS) -> bool:
    """Whether it says that it is ready (any 2xx), or that it is not (503), within a while."""

    def says() -> bool:
        status = _status(app, request) or 0
        return is_success(status) if yes else status == NOT_READY

    return until(says, seconds, every=0.1)
