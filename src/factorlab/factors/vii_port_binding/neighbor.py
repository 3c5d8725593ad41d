"""VII. Port binding: one app is another's backing service, found by its URL and nothing else."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from factorlab.engine.build.build import Build
from factorlab.lab import App, Lab, Reply, variants
from factorlab.questions.deploys import deploy, fill, json_object, random_word
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

LESSON, VARIANT = "10-port-binding", "prices"
ASKED = 3
TOLD_SECONDS = 2
WAITS_SECONDS = 4
"""How long an answer may take that was told two seconds: twice that, and less than the five of a
client which was told nothing."""
ROUNDS = 3
"""How often a paused neighbor is asked about: a machine that is busy for a moment makes a right
answer late, and nothing makes a wrong one early."""
SLOW_SECONDS = 2.0
"""A machine on which a total takes this long, before and after, cannot judge."""
LATE = "timed out"
PREFIXES = ("", "/v2", "/shops/north")


@dataclass(frozen=True)
class Neighbor:
    """An app that gives prices: its container, its URL, the price of its one item."""

    app: App
    url: str
    item: str
    cents: int


def _image(lab: Lab, subject: Subject) -> Build:
    files = variants.given(LESSON, VARIANT)
    return lab.build(VARIANT, files, trusted=True)


def _neighbor(lab: Lab, image: Build, prefix: str = "") -> Neighbor:
    """Start an app that gives prices: its name, its port, its item and the price are random."""
    name, item = random_word("prices"), random_word("tea")
    port, cents = 9000 + secrets.randbelow(900), 100 + secrets.randbelow(900)
    env = {"PORT": str(port), "PATH_PREFIX": prefix, "PRICES": json.dumps({item: cents})}
    app = lab.deploy(image, name, env=env)
    return Neighbor(app, f"http://{app.host}:{port}{prefix}", item, cents)


def _deploy_with(lab: Lab, subject: Subject, neighbor: Neighbor) -> App:
    """Start the subject with this neighbor's URL."""
    [variable] = subject.contract.of_kind("app")
    config = fill(lab, subject, "asks")
    return deploy(lab, subject, replace(config, env=config.env | {variable.name: neighbor.url}))


def _answered(
    subject: Subject, app: App, neighbor: Neighbor, seconds: float = 10
) -> tuple[list[str], float]:
    """Ask for the total of some pieces, a few times at once: what came, in a word each, and the
    seconds that the slowest took."""
    request = subject.contract.request("total")
    pieces = [2 + secrets.randbelow(90) for _ in range(ASKED)]
    paths = [
        request.path.replace("$ITEM", neighbor.item).replace("$PIECES", str(n)) for n in pieces
    ]
    load = app.load([replace(request, path=path) for path in paths], seconds=seconds)
    words = [
        _word(reply, n * neighbor.cents) for reply, n in zip(load.replies, pieces, strict=True)
    ]
    return words, max(reply.seconds for reply in load.replies)


def _totals(subject: Subject, app: App, neighbor: Neighbor) -> list[str]:
    return _answered(subject, app, neighbor)[0]


def _word(reply: Reply, total: int) -> str:
    if reply.status != 200:
        return str(reply.status or reply.error)
    return "right" if (json_object(reply.text) or {}).get("total") == total else "wrong"


def _counted(words: list[str]) -> str:
    return ", ".join(f"{words.count(word)} times {word}" for word in dict.fromkeys(sorted(words)))


def _homes(subject: Subject, app: App) -> int:
    """How often its own page is answered."""
    return app.load([subject.contract.read] * ASKED, seconds=WAITS_SECONDS).count()


@question(
    "neighbor-by-url-only",
    factor="VII",
    text="Can its neighbor be swapped by a URL?",
    how=f"{len(PREFIXES)} deploys of your image, each with the URL of another neighbor: names and "
    "ports are random, two of the URLs have a path. Each is asked for totals of an item that its "
    "neighbor alone sells.",
    remedy='put the whole URL before the path, as text: url + "/prices/…". urljoin drops the '
    "URL's own path when what follows begins with a slash; a host alone is not enough.",
)
def neighbor_by_url_only(lab: Lab, subject: Subject) -> Finding:
    """Items and prices are random: none can be in the code."""
    image = subject.once(_image, lab)
    starts: list[Callable[[], Neighbor]] = [
        lambda prefix=prefix: _neighbor(lab, image, prefix)  # type: ignore[misc]
        for prefix in PREFIXES
    ]
    neighbors = lab.together(*starts)
    apps = lab.together(*(lambda one=one: _deploy_with(lab, subject, one) for one in neighbors))
    rows = [
        (one.url, _counted(_totals(subject, app, one)))
        for one, app in zip(neighbors, apps, strict=True)
    ]
    right = sum(seen == f"{ASKED} times right" for _, seen in rows)
    log = next(
        (
            app.logs(tail=8)
            for app, row in zip(apps, rows, strict=True)
            if row[1] != f"{ASKED} times right"
        ),
        "",
    )
    for app in (*apps, *(one.app for one in neighbors)):
        app.remove()
    return Finding(
        judged(right == len(PREFIXES)),
        expected=f"{len(PREFIXES)} of {len(PREFIXES)} deploys give the totals of their neighbor",
        seen=f"{right} of {len(PREFIXES)} deploys give the totals of their neighbor",
        columns=("told", f"of {ASKED} totals"),
        rows=rows,
        log=log,
    )


@question(
    "neighbor-frozen",
    factor="VII",
    text="Does it give up on a neighbor that does not answer?",
    how=f"The neighbor is paused: it takes connections and never answers. {ASKED} totals are asked "
    f"for at once, each with {WAITS_SECONDS} s for an answer of which the app was told "
    f"{TOLD_SECONDS}, up to {ROUNDS} times over while one is late; then the app's own page, {ASKED} "
    f"times. The neighbor goes on, and {ASKED} totals are asked for again.",
    remedy=f"give the request to the neighbor a time-out below {TOLD_SECONDS} s, for all tries "
    "together, and answer 503 when it is over. urllib waits forever by default, httpx 5 s.",
)
def neighbor_frozen(lab: Lab, subject: Subject) -> Finding:
    """An old price is no answer here: the exercise says so."""
    neighbor = _neighbor(lab, subject.once(_image, lab))
    app = _deploy_with(lab, subject, neighbor)
    first, slow_before = _answered(subject, app, neighbor)
    neighbor.app.pause()
    for _ in range(ROUNDS):
        frozen, _ = _answered(subject, app, neighbor, WAITS_SECONDS)
        if LATE not in frozen:
            break
    homes = _homes(subject, app)
    neighbor.app.unpause()
    after, slow_after = _answered(subject, app, neighbor)
    slow = min(slow_before, slow_after)
    log = app.logs(tail=8)
    for one in (app, neighbor.app):
        one.remove()
    rows = [
        ("before", _counted(first)),
        ("while it is paused", _counted(frozen)),
        ("after", _counted(after)),
    ]
    good = (frozen, homes, after) == (["503"] * ASKED, ASKED, ["right"] * ASKED)
    if (LATE in frozen or homes < ASKED) and slow > SLOW_SECONDS:
        return Finding(
            Outcome.INCONCLUSIVE,
            expected=f"a total within {SLOW_SECONDS:.0f} s while the neighbor answers",
            seen=f"this machine took {slow:.1f} s for one, too slow to judge a time-out",
        )
    return Finding(
        judged(good),
        expected=f"{ASKED} times 503 while it is paused, {ASKED} of {ASKED} own pages, "
        f"{ASKED} times right after",
        seen=f"{_counted(frozen)} while it is paused, {homes} of {ASKED} own pages, "
        f"{_counted(after)} after",
        columns=("asked", f"of {ASKED} totals"),
        rows=rows,
        log=log,
    )


@question(
    "neighbor-gone-and-back",
    factor="VII",
    text="Does it outlive its neighbor, and find it again?",
    how="The neighbor is stopped. Your app starts with its URL, and totals are asked for. The "
    "neighbor is started again, and totals are asked for once more.",
    remedy="ask the neighbor when a total is asked for, not when the app starts, and answer 503 "
    "for every way in which no price comes: an unknown host, a refused connection, an error.",
)
def neighbor_gone_and_back(lab: Lab, subject: Subject) -> Finding:
    """A stopped container has no name in the network: that is one of the ways."""
    neighbor = _neighbor(lab, subject.once(_image, lab))
    neighbor.app.stop(1)
    app = _deploy_with(lab, subject, neighbor)
    gone = _totals(subject, app, neighbor)
    homes = _homes(subject, app)
    neighbor.app.start()
    back = _totals(subject, app, neighbor)
    log = app.logs(tail=8)
    for one in (app, neighbor.app):
        one.remove()
    good = (gone, homes, back) == (["503"] * ASKED, ASKED, ["right"] * ASKED)
    return Finding(
        judged(good),
        expected=f"{ASKED} times 503 while it is stopped, {ASKED} of {ASKED} own pages, "
        f"{ASKED} times right when it is back",
        seen=f"{_counted(gone)} while it is stopped, {homes} of {ASKED} own pages, "
        f"{_counted(back)} when it is back",
        columns=("asked", f"of {ASKED} totals"),
        rows=[("while it is stopped", _counted(gone)), ("when it is back", _counted(back))],
        log=log,
    )
