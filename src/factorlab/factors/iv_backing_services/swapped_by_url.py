"""IV. Backing services: a database, a cache, a mail server are attached by their URL alone.

Each check swaps one service for another whose URL differs in every part. It counts on the side of
the services: an app can answer 200 and still use the old one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from factorlab.errors import NotStarted
from factorlab.lab import Access, App, Lab
from factorlab.lab.services import KINDS
from factorlab.questions.deploys import deploy, fill, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.needs import POSTGRES, RECEIPT, REDIS, SMTP, VISIT, WRITE
from factorlab.questions.question import question
from factorlab.questions.subject import Subject
from factorlab.questions.users import one_by_one, sent_by

SENT = 5
OTHER = (
    "another host, port and user, and a password with @, /, : and % in it, which the URL encodes"
)


@dataclass(frozen=True)
class Pair:
    """A service as most are, the first, and one that differs from it in every part of its URL."""

    urls: tuple[str, str]
    count: tuple[Callable[[], int], Callable[[], int]]

    def counts(self) -> tuple[int, int]:
        """How much of what was sent is in the first and in the second, since the beginning."""
        return self.count[0](), self.count[1]()


@dataclass(frozen=True)
class Release:
    """What came of one release: how many requests were answered 2xx, what arrived in the first
    and in the second service, and its last words where not all is as it should be."""

    started: bool
    answered: int
    first: int
    second: int
    log: str = ""


def _unusual(database: str = "") -> Access:
    """A user, port and password that nobody has written into their code."""
    parts = [secrets.token_hex(3) for _ in range(3)]
    access: Access = {
        "user": f"app_{parts[0]}",
        "password": f"{parts[1]}@/:%41{parts[2]}",
        "port": 7000 + secrets.randbelow(900),
    }
    return {**access, "database": database} if database else access


def _pair(lab: Lab, subject: Subject, kind: str) -> Pair:
    """The two services of a kind, started once for an answer."""
    service, schema = KINDS[kind], subject.contract.schema
    other = _unusual(service.other_database())
    one, two = lab.together(
        lambda: lab.service(service, random_word("first"), schema=schema),
        lambda: lab.service(service, random_word("second"), schema=schema, **other),
    )
    return Pair((one.url, two.url), (one.count, two.count))


def _first_urls(lab: Lab, subject: Subject) -> dict[str, str]:
    kinds = subject.contract.services()
    pairs = lab.together(*(lambda k=kind: subject.once(_pair, lab, k) for kind in kinds))
    return {kind: pair.urls[0] for kind, pair in zip(kinds, pairs, strict=True)}


def _first(lab: Lab, subject: Subject) -> App:
    """The release that has the first service of each kind, running; started once for an answer."""
    config = fill(lab, subject, "first", urls=_first_urls(lab, subject))
    return deploy(lab, subject, config)


def _second(lab: Lab, subject: Subject, kind: str, url: str, request: str, pair: Pair) -> Release:
    """What comes of a release of the same image with one URL changed."""
    urls = {**_first_urls(lab, subject), kind: url}
    try:
        app = deploy(lab, subject, fill(lab, subject, "second", urls=urls))
    except NotStarted as error:
        return Release(False, 0, 0, 0, error.logs)
    found = _use(app, subject, request, pair)
    app.remove()
    return found


def _use(app: App, subject: Subject, request: str, pair: Pair) -> Release:
    """Send the requests, each with a value of its own; what arrived where."""
    wanted = subject.contract.write if request == "write" else subject.contract.request(request)
    before = pair.counts()
    names = [f"{random_word('guest')}@example.com" for _ in range(SENT)]
    answered = one_by_one(app, [sent_by(n, wanted) for n in names]).succeeded
    first, second = (now - then for now, then in zip(pair.counts(), before, strict=True))
    return Release(True, answered, first, second, app.logs(tail=8))


def _swap(lab: Lab, subject: Subject, kind: str, request: str, things: str) -> Finding:
    """Two releases of one image that differ in one URL."""
    pair = subject.once(_pair, lab, kind)
    before = _use(subject.once(_first, lab), subject, request, pair)
    after = _second(lab, subject, kind, pair.urls[1], request, pair)
    arrived = before.first >= SENT and after.second >= SENT  # a write may leave more than a row
    good = arrived and not before.second and not after.first
    return Finding(
        judged(good),
        expected=f"{SENT} {things} in the first, then {SENT} in the second",
        seen=f"{before.first} {things} in the first, then {after.second} in the second"
        + (f" and {after.first} in the first" if after.first else "")
        + (f"; {before.second} in the second before" if before.second else "")
        + ("" if after.started else "; with the second's URL it did not start"),
        columns=("its URL is that of", "image", "answered 2xx", "in the first", "in the second"),
        rows=[
            (f"the {name}", subject.image.id[7:19], one.answered, one.first, one.second)
            for name, one in (("first", before), ("second", after))
        ],
        log="" if good else (before if before.first < SENT else after).log,
    )


@question(
    "database-swapped-by-url",
    factor="IV",
    group="backing",
    needs=(
        POSTGRES,
        WRITE,
    ),
    text="Does another database need another URL and nothing else?",
    how=f"One image, two releases. The first uses an ordinary database. For the second, the URL "
    f"of the database is changed to one with {OTHER}, and with another name of the database. Each "
    f"gets {SENT} writes; the rows are counted in both databases.",
    remedy="hand the whole URL to the library, or take every part from it: host, port, user, "
    "password (decoded: unquote) and the name of the database. Read it when the app starts, from "
    "the variable and from nowhere else.",
)
def database_swapped_by_url(lab: Lab, subject: Subject) -> Finding:
    """The manifesto's own example: a local database for a managed one."""
    return _swap(lab, subject, "postgres", "write", "rows")


@question(
    "cache-swapped-by-url",
    factor="IV",
    group="backing",
    needs=(
        REDIS,
        VISIT,
    ),
    text="Does another Redis need another URL and nothing else?",
    how=f"One image, two releases. The first uses an ordinary Redis. For the second, its URL is "
    f"changed to one with {OTHER}, and with another number of the database. Each gets {SENT} "
    "visits; the number under the key visits is read in both.",
    remedy="hand the whole URL to the library: it holds the port, the user, the password and the "
    "number of the database too.",
)
def cache_swapped_by_url(lab: Lab, subject: Subject) -> Finding:
    """Read under the number that the URL names: a visit in number 0 has not arrived."""
    return _swap(lab, subject, "redis", "visit", "visits")


@question(
    "mail-swapped-by-url",
    factor="IV",
    group="backing",
    needs=(
        SMTP,
        RECEIPT,
    ),
    text="Does another mail server need another URL and nothing else?",
    how=f"One image, two releases. The first uses an ordinary mail server. For the second, its "
    f"URL is changed to one with {OTHER}. Each sends {SENT} receipts; the mails are counted in "
    "both servers.",
    remedy="take host, port, user and password from the URL, and decode the last two "
    "(urllib.parse.unquote); log in with them before you send.",
)
def mail_swapped_by_url(lab: Lab, subject: Subject) -> Finding:
    """Both servers ask for the password, and refuse who does not know it."""
    return _swap(lab, subject, "smtp", "receipt", "mails")


@question(
    "both-schemes-taken",
    factor="IV",
    text="Does it take a database's URL in both spellings?",
    how=f"Two releases with the same database: its URL begins with postgresql:// and with "
    f"postgres://, as platforms hand it out. Each gets {SENT} writes; the rows are counted.",
    remedy="replace the scheme where you read the variable, if your library knows only one: "
    "SQLAlchemy refuses postgres://, psycopg takes both.",
)
def both_schemes_taken(lab: Lab, subject: Subject) -> Finding:
    """The same server, user and rows: only the spelling decides."""
    pair = subject.once(_pair, lab, "postgres")
    usual = _use(subject.once(_first, lab), subject, "write", pair)
    url = pair.urls[0].replace("postgresql", "postgres", 1)
    short = _second(lab, subject, "postgres", url, "write", pair)
    found = [("postgresql://", usual), ("postgres://", short)]
    good = all(one.first == SENT for _, one in found)
    return Finding(
        judged(good),
        expected=f"{SENT} rows with postgresql://, {SENT} rows with postgres://",
        seen=", ".join(f"{one.first} rows with {scheme}" for scheme, one in found)
        + ("" if short.started else ": it did not start"),
        columns=("the URL begins with", "answered 2xx", "rows that arrived"),
        rows=[(scheme, one.answered, one.first) for scheme, one in found],
        log="" if good else next(one.log for _, one in found if one.first != SENT),
    )
