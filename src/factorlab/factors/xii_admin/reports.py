"""XII. Admin processes: a report is data on standard output, words on standard error, and an exit
code; it changes nothing."""

import csv
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from factorlab.factors.xii_admin.migrations import contents
from factorlab.lab import Lab, OneOff, Postgres
from factorlab.questions import commands
from factorlab.questions.deploys import Config, fill, random_word
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

HEADER = ["item", "pieces", "cents"]
ITEMS = 4
NO_DAY = "2026-02-31"


@dataclass(frozen=True)
class Shop:
    """A database with orders of two days, and what the report of the first must hold."""

    config: Config
    database: Postgres
    day: str
    empty: str
    lines: list[list[str]]

    def env(self, url: str = "") -> dict[str, str]:
        """The environment of a one-off process, with another URL of the database."""
        return self.config.env | ({"DATABASE_URL": url} if url else {})


@dataclass(frozen=True)
class First:
    """The first report of a shop, and its tables before and after that."""

    shop: Shop
    job: OneOff
    before: dict[str, tuple[int, str]]
    after: dict[str, tuple[int, str]]


def _first(lab: Lab, subject: Subject) -> First:
    """Made once for an answer: what does not run has no report."""
    shop = subject.once(_fill, lab)
    before = contents(shop.database)
    job = commands.must_work(lab, subject, "report", shop.env(), shop.day)
    return First(shop, job, before, contents(shop.database))


def _fill(lab: Lab, subject: Subject) -> Shop:
    config = fill(lab, subject, "orders")
    assert config.database is not None
    month = 1 + secrets.randbelow(9)
    day, other, empty = (f"20{secrets.randbelow(20) + 30}-0{month}-{d}" for d in (11, 12, 13))
    items = [random_word("tea, green"), random_word('"Best" plate'), random_word("cup")]
    items.append(random_word("Käse"))
    sums: dict[str, tuple[int, int]] = {}
    for when, each in ((day, 2), (other, 1)):
        for item in items * each:
            pieces, cents = 1 + secrets.randbelow(9), 100 + secrets.randbelow(900)
            config.database.query(
                "INSERT INTO orders (day, item, pieces, cents) VALUES (%s, %s, %s, %s)",
                when,
                item,
                pieces,
                cents,
            )
            if when == day:
                before = sums.get(item, (0, 0))
                sums[item] = (before[0] + pieces, before[1] + cents)
    lines = [[item, str(pieces), str(cents)] for item, (pieces, cents) in sums.items()]
    return Shop(config, config.database, day, empty, sorted(lines))


def _lines(text: str) -> list[list[str]]:
    return [line for line in csv.reader(io.StringIO(text)) if line]


def _right(shop: Shop, text: str) -> int:
    """How many of the lines that the report must hold are in it."""
    found = _lines(text)
    return sum(line in found for line in shop.lines)


@question(
    "report-is-data",
    factor="XII",
    text="Is standard output the report, and nothing but the report?",
    how="`python report.py DAY` runs as a one-off process, on a database with orders of two days. "
    "Its standard output is read as CSV. Some items have a comma or a quotation mark in their "
    "name.",
    remedy="write the report with csv.writer(sys.stdout), which quotes what must be quoted, and "
    "everything that is said about it with print(…, file=sys.stderr).",
)
def report_is_data(lab: Lab, subject: Subject) -> Finding:
    """In any order of its lines; the header comes first."""
    first = subject.once(_first, lab)
    shop, job = first.shop, first.job
    found = _lines(job.out)
    right = _right(shop, job.out)
    other = [line for line in found if line not in [HEADER, *shop.lines]]
    header = bool(found) and found[0] == HEADER
    good = header and not other and len(found) == ITEMS + 1 and right == ITEMS
    return Finding(
        judged(good),
        expected=f"first line {','.join(HEADER)}; {ITEMS} of {ITEMS} items right; other lines: 0",
        seen=f"first line {','.join(found[0]) if found else 'none'}; {right} of {ITEMS} items "
        f"right; other lines: {len(found) - right - header}",
        columns=("fields", "line on standard output"),
        rows=[(len(line), ",".join(line)) for line in other[:6]],
        log="",
    )


@question(
    "empty-day-is-a-report",
    factor="XII",
    text="Is a day without orders a report with no lines?",
    how="`python report.py DAY` runs as a one-off process for a day on which nothing was ordered.",
    remedy="write the header in any case, and end with exit code 0: that nobody ordered is an "
    "answer, not an error.",
)
def empty_day_is_a_report(lab: Lab, subject: Subject) -> Finding:
    """Further words on standard output are another check's question."""
    shop = subject.once(_first, lab).shop
    job = commands.run(lab, subject, "report", shop.env(), shop.empty)
    header, right = HEADER in _lines(job.out), _right(shop, job.out)
    return Finding(
        judged(job.exit_code == 0 and header and not right),
        expected="exit code 0, the header, 0 items",
        seen=f"{commands.ended(job)}, {'the header' if header else 'no header'}, {right} items",
        log=job.logs(tail=8),
    )


@question(
    "failure-is-told",
    factor="XII",
    text="Does a report that cannot be made say so, to people and to programs?",
    how=f"`python report.py` runs for the day {NO_DAY}, which does not exist; without a day; and "
    "with a database that is stopped. Each must end with an exit code other than 0, nothing on "
    "standard output, and words on standard error.",
    remedy="let the exception end the program, or catch it, print it to sys.stderr and call "
    "sys.exit(1). Write to standard output only when all rows are there, the header too.",
)
def failure_is_told(lab: Lab, subject: Subject) -> Finding:
    """Whoever pipes the output into a file must not get half of a report, or an error as data."""
    shop = subject.once(_first, lab).shop
    gone = fill(lab, subject, "gone")
    assert gone.database is not None
    gone.database.stop()
    tries: list[tuple[str, Callable[[], OneOff]]] = [
        (
            "a day that does not exist",
            lambda: commands.run(lab, subject, "report", shop.env(), NO_DAY),
        ),
        ("no day", lambda: commands.run(lab, subject, "report", shop.env())),
        (
            "the database is stopped",
            lambda: commands.run(lab, subject, "report", gone.env, shop.day),
        ),
    ]
    rows, good = [], 0
    for (what, _), job in zip(tries, lab.together(*(call for _, call in tries)), strict=True):
        out, err = job.out, job.err
        rows.append((what, commands.ended(job), _size(out), _size(err)))
        good += job.exit_code not in (0, None) and not out.strip() and bool(err.strip())
    wrong = "; ".join(
        f"{what}: {code}, {out} on standard output, {err} on standard error"
        for what, code, out, err in rows
    )
    return Finding(
        judged(good == len(tries)),
        expected=f"{len(tries)} of {len(tries)}: an exit code other than 0, no lines on standard "
        "output, some on standard error",
        seen=f"{good} of {len(tries)}" + (f": {wrong}" if good < len(tries) else ""),
        columns=("what was wrong", "ended", "standard output", "standard error"),
        rows=rows,
    )


def _size(text: str) -> str:
    count = len(text.strip().splitlines())
    return "no lines" if not count else f"{count} line{'s' if count > 1 else ''}"


@question(
    "report-changes-nothing",
    factor="XII",
    text="Can a user who may only read make the report, and does it leave the data alone?",
    how="`python report.py DAY` runs as a one-off process with the URL of a user who may read "
    "every table and change nothing; its lines are counted. It has also run with the URL of the "
    "app's own user, and the tables before and after that are compared.",
    remedy="only read. That a report was made is seen in the log of the one-off process; a report "
    "needs no table of its own.",
)
def report_changes_nothing(lab: Lab, subject: Subject) -> Finding:
    """Two sides of one thing: what it is not allowed to do, and what it does when it may."""
    first = subject.once(_first, lab)
    shop, before, after = first.shop, first.before, first.after
    job = commands.run(lab, subject, "report", shop.env(shop.database.reader()), shop.day)
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    of, lines = len(_lines(first.job.out)), len(_lines(job.out))
    return Finding(
        judged(job.exit_code == 0 and lines == of and not changed),
        expected=f"who may only read: exit code 0, {of} of {of} lines; tables that the app's own "
        "user has changed: none",
        seen=f"who may only read: {commands.ended(job)}, {lines} of {of} lines; tables that the app's "
        f"own user has changed: {', '.join(changed) or 'none'}",
        log=job.logs(tail=8),
    )
