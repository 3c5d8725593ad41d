"""VII. Port binding: the app listens where others reach it, on the port that it is told."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from factorlab.errors import NoAnswer, NotStarted
from factorlab.lab import App, Lab
from factorlab.lab.apps.app import patience
from factorlab.lab.apps.reachability import inside
from factorlab.questions.deploys import Config, fill, launch, send
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import PORT
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.waiting import until

PORTS = 3
DEPLOYS = PORTS + 1
"""One for each port, and a second replica on the first."""
SETTLED_SECONDS = 3
"""How long an app may listen on its own loopback only until that counts as its choice."""
REFUSES_SECONDS = 3
ENDS_SECONDS = 10
"""What platforms give between SIGTERM and SIGKILL."""
LISTENS = 32
"""How many of the addresses that an app listens on are looked at: its `cat` can make up any number,
and each port that is asked takes time."""
NAME_LENGTH = 15
"""As long as the kernel lets the name of a process be."""
LOOPBACK = ("127.", "[::1]:")


@dataclass(frozen=True)
class Reach:
    """Where an app answers another container (None: nowhere), and all that it listens on."""

    port: int | None
    listens: Sequence[str]

    @property
    def addresses(self) -> str:
        """What it listens on, without the ports."""
        found = {place.rpartition(":")[0] for place in self.listens}
        return ", ".join(sorted(found)) or "no port"


def reach(lab: Lab, subject: Subject, app: App) -> Reach:
    """Ask an app from another container, on the port that it was told and on every other that it
    listens on, until it answers, ends, or listens on its loopback only. Raises NotStarted when it
    ends or never listens."""
    began, alone = time.monotonic(), 0.0
    listens: Sequence[str] = ()
    while app.may_still_answer(time.monotonic() - began):
        if port := _answering(lab, subject, app, listens, began):
            app.port = port
            return Reach(port, app.listens()[:LISTENS])
        if app.exit_code is not None:
            raise app.not_started()
        listens = app.listens()[:LISTENS]
        if not listens or not all(place.startswith(LOOPBACK) for place in listens):
            alone = 0.0
        elif not alone:
            alone = time.monotonic()
        elif time.monotonic() - alone > SETTLED_SECONDS:
            return Reach(None, listens)
    if not listens:
        raise app.not_started()
    return Reach(None, listens)


def _answering(
    lab: Lab, subject: Subject, app: App, listens: Sequence[str], began: float
) -> int | None:
    """The port on which it answers now, if any."""
    others = (int(place.rpartition(":")[2]) for place in listens)
    for port in dict.fromkeys((app.port, *others)):
        url = f"http://{app.name}:{port}{subject.contract.ready}"
        if lab.probe.wait_http(url, patience(began, 0.15)):
            return port
    return None


def not_reached(app: App, found: Reach) -> NotStarted:
    """The error of a question that cannot be asked of an app which answers nobody outside."""
    last = app.logs(tail=12)
    return NotStarted(
        f"'{app.name}' runs, and does not answer another container: it listens on "
        f"{found.addresses}.",
        why=last,
        next='let it listen on all interfaces, host="0.0.0.0", and check again.',
        logs=last,
    )


@question(
    "reachable-from-outside",
    factor="VII",
    group="ports",
    text="Does it answer another container?",
    how="One deploy. Another container in its network asks it, on the port that it was told and on "
    "every other that it listens on.",
    remedy='listen on all interfaces: host="0.0.0.0" in uvicorn.run, or --host 0.0.0.0. '
    "127.0.0.1 is the container's own loopback, and uvicorn's default.",
)
def reachable_from_outside(lab: Lab, subject: Subject) -> Finding:
    """Which port it is, another check asks."""
    app = launch(lab, subject, fill(lab, subject, "reached"))
    found = reach(lab, subject, app)
    log = app.logs(tail=8)
    app.remove()
    return Finding(
        judged(bool(found.port)),
        expected="an answer",
        seen=f"{'an answer' if found.port else 'no answer'}; it listens on {found.addresses}",
        log=log,
    )


def _on_ports(lab: Lab, subject: Subject) -> list[Config]:
    """A config for each deploy: three random ports, no two alike, and the first once more."""
    configs: dict[int, Config] = {}
    while len(configs) < PORTS:
        config = fill(lab, subject, "port")
        configs.setdefault(config.port, config)
    first, *others = configs.values()
    return [first, first, *others]


@question(
    "honors-port",
    factor="VII",
    group="ports",
    needs=(PORT,),
    text="Does it listen on the port that the platform names?",
    how=f"{DEPLOYS} deploys of one image, all at the same time: {PORTS} random ports in PORT, and "
    "two replicas on the first of them. Another container asks each on the port that it was told.",
    remedy='let the port come from PORT, on all interfaces: host="0.0.0.0", '
    'port=int(os.environ["PORT"]) in uvicorn.run. In a CMD ["…"] nothing puts values in place of '
    "$PORT, and EXPOSE changes nothing that runs.",
)
def honors_port(lab: Lab, subject: Subject) -> Finding:
    """Two replicas on one port clash only for those who think so: each has its own."""
    configs = _on_ports(lab, subject)
    apps = [launch(lab, subject, config) for config in configs]
    found = lab.together(*(lambda app=app: reach(lab, subject, app) for app in apps))
    log = apps[0].logs(tail=8)
    for app in apps:
        app.remove()
    rows = [
        (config.port, ", ".join(one.listens), "yes" if one.port == config.port else "no")
        for config, one in zip(configs, found, strict=True)
    ]
    count = sum(row[-1] == "yes" for row in rows)
    return Finding(
        judged(count == DEPLOYS),
        expected=f"{DEPLOYS} of {DEPLOYS} answer on the port that they were told",
        seen=f"{count} of {DEPLOYS} answer on the port that they were told",
        columns=("told", "listens on", "answers where it was told"),
        rows=rows,
        log=log,
    )


@question(
    "sigterm-reaches-the-app",
    factor="VII",
    text="Does it still end in order?",
    how="A request is begun, and its body held back. The container gets SIGTERM, the rest of the "
    f"body is sent, and the container has {ENDS_SECONDS} s to end.",
    remedy='let the server be process 1: a CMD ["python", "app.py"] that reads PORT itself, or '
    "`exec` before the server's command in a shell line or script. Without it, process 1 is the "
    "shell, and SIGTERM does not get past it.",
)
def sigterm_reaches_the_app(lab: Lab, subject: Subject) -> Finding:
    """The requests in between show that the one begun before them was read: a connection that is
    accepted and not read yet may be closed by the best of servers."""
    app = launch(lab, subject, fill(lab, subject, "ends"))
    found = reach(lab, subject, app)
    if found.port is None:
        raise not_reached(app, found)
    first = inside(app, "cat", "/proc/1/comm").strip()[:NAME_LENGTH]
    write, read = subject.contract.write, subject.contract.read
    begun = app.begin(write.method, write.path, write.json)
    send(app, read, 3)
    app.kill("SIGTERM")
    _wait_refuses(app, read.path)
    status = begun.finish()
    code = app.wait(ENDS_SECONDS)
    log = app.logs(tail=8)
    app.remove()
    answered = "was not answered" if status is None else f"was answered {status}"
    good = status is not None and status < 300 and code is not None
    return Finding(
        judged(good),
        expected=f"the request was answered 200, the container ended within {ENDS_SECONDS} s",
        seen=f"the request {answered}, the container "
        + (f"ran on for {ENDS_SECONDS} s" if code is None else f"ended with exit code {code}")
        + f"; process 1 is {first}",
        log=log,
    )


def _wait_refuses(app: App, path: str) -> None:
    """Wait until it takes no new requests, at most three seconds: some never stop."""

    def refuses() -> bool:
        if app.exit_code is not None:
            return True
        try:
            app.get(path, seconds=1)
        except NoAnswer:
            return True
        return False

    until(refuses, REFUSES_SECONDS, every=0)
