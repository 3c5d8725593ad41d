"""XII. Admin processes: what changes the tables runs once, as a process of its own."""

import secrets
from dataclasses import dataclass

from factorlab.lab import App, Lab, Postgres
from factorlab.questions import commands
from factorlab.questions.deploys import REPLICAS, Config, answers, fill, launch, random_word, send
from factorlab.questions.finding import Finding, Outcome, judged
from factorlab.questions.needs import POSTGRES
from factorlab.questions.question import question
from factorlab.questions.races import settled
from factorlab.questions.subject import Subject
from factorlab.waiting import until


def contents(database: Postgres) -> dict[str, tuple[int, str]]:
    """What is in each table: how many rows, and a digest of them. Columns that differ from run to
    run by nature (times, counted or random ids) are left out."""
    rows = database.query(
        "SELECT format('%I.%I', t.table_schema, t.table_name), "
        "string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position) "
        "FROM information_schema.tables t LEFT JOIN information_schema.columns c "
        "ON c.table_schema = t.table_schema AND c.table_name = t.table_name "
        "AND c.data_type <> 'uuid' AND c.data_type !~ '^(time|date)' "
        "AND c.is_identity = 'NO' AND coalesce(c.column_default, '') NOT LIKE 'nextval%' "
        "WHERE t.table_type = 'BASE TABLE' "
        "AND t.table_schema NOT IN ('pg_catalog', 'information_schema') GROUP BY 1 ORDER BY 1"
    )
    found = {}
    for name, columns in rows:
        [[count, digest]] = database.query(
            f"SELECT count(*), coalesce(md5(string_agg(r::text, ' ' ORDER BY r::text)), '') "
            f"FROM (SELECT {columns or '1'} FROM {name}) r"
        )
        found[str(name).removeprefix("public.")] = (int(count), str(digest))
    return found


@question(
    "starts-side-by-side",
    factor="XII",
    group="boot",
    needs=(POSTGRES,),
    text="Do three replicas that start at once leave the database as one does?",
    how="One replica starts on a fresh database, three at once on another. All rows of that one "
    "are locked until each of the three waits to change one, or answers. Then the tables "
    "of the two databases are compared.",
    remedy="let a one-off process change the tables before the replicas start, or take a lock "
    "before you look whether there is something to do.",
)
def starts_side_by_side(lab: Lab, subject: Subject) -> Finding:
    """Works for any app with a database: what one start leaves is what three must leave."""
    one, three = lab.together(*(lambda n=n: fill(lab, subject, n) for n in ("one", "three")))
    assert one.database and three.database
    single = launch(lab, subject, one)
    if not answers(lab, subject, single):
        raise single.not_started()
    single.remove()
    with three.database.hold():
        apps = lab.together(*[lambda: launch(lab, subject, three)] * REPLICAS)
        forced = settled(lab, three.database, *apps)
    started = sum(lab.together(*(lambda app=app: answers(lab, subject, app) for app in apps)))
    before, after = contents(one.database), contents(three.database)
    rows = [
        (
            name,
            *(
                f"{side[name][0]} rows" if name in side else "no such table"
                for side in (before, after)
            ),
            "the same" if before.get(name) == after.get(name) else "different",
        )
        for name in sorted(before | after)
    ]
    different = [row[0] for row in rows if row[3] == "different"]
    good = started == REPLICAS and not different
    said = f"different: {', '.join(different)}" if different else "all tables the same"
    failing = [app for app in apps if app.exit_code is not None]
    return Finding(
        judged(good) if forced or not good else Outcome.INCONCLUSIVE,
        expected=f"{REPLICAS} of {REPLICAS} replicas start; all tables the same",
        seen=f"{started} of {REPLICAS} replicas start; {said}"
        + ("" if forced else "; this machine was too slow to start them at the same time"),
        columns=("table", "after one start", "after three at once", "content"),
        rows=rows,
        log=failing[0].logs(tail=8) if failing else "",
    )


@question(
    "migrate-command-migrates",
    factor="XII",
    text="Does a one-off process of the same image migrate the database, and only once?",
    how="The contract's migrate command runs in a container of its own, with the image and the "
    "environment of a deploy, on a fresh database; then it runs again. The tables are compared "
    "before and after each run.",
    remedy="let the command change tables and version in one transaction when the version is the "
    "old one, and end with exit code 0 each time. An ENTRYPOINT that does not pass its arguments on "
    "starts something else.",
)
def migrate_command_migrates(lab: Lab, subject: Subject) -> Finding:
    """Works for any app with such a command: what it has to change, its own first run shows."""
    config = fill(lab, subject, "migrated")
    assert config.database
    rows = []
    before = contents(config.database)
    for which in ("first", "second"):
        job = commands.run(lab, subject, "migrate", config.env)
        after = contents(config.database)
        changed = sorted(name for name in before | after if before.get(name) != after.get(name))
        rows.append((which, commands.ended(job), ", ".join(changed) or "none"))
        log, before = job.logs(tail=8), after
        if job.exit_code is None:
            break  # it serves, or waits for somebody: so would the next one
    good = [(row[1], row[2] == "none") for row in rows] == [
        ("exit code 0", False),
        ("exit code 0", True),
    ]
    return Finding(
        judged(good),
        expected="first run: exit code 0, at least one table changed; second run: exit code 0, "
        "tables changed: none",
        seen="; ".join(f"{row[0]} run: {row[1]}, tables changed: {row[2]}" for row in rows),
        columns=("run", "how it ended", "tables changed"),
        rows=rows,
        log="" if good else log,
    )


ACCOUNTS = 5
FACTOR = 100
READY_SECONDS = 10
BACKGROUND_SECONDS = 1.5
"""How long an app that answers is watched for changes that it makes behind its answers."""


@dataclass(frozen=True)
class Bank:
    """A database with accounts of random owners and dollars, and the config that leads to it."""

    config: Config
    database: Postgres
    dollars: dict[str, int]

    def times(self) -> dict[str, int]:
        """How many balances are how many times what they were: `{"× 100": 5}`; `gone` for one that
        is not there any more."""
        with_balance = dict(self.database.query("SELECT owner, balance::text FROM accounts"))
        counts: dict[str, int] = {}
        for owner, dollars in self.dollars.items():
            now = float(with_balance.get(owner) or 0) / dollars
            word = f"× {now:,.6g}" if owner in with_balance else "gone"
            counts[word] = counts.get(word, 0) + 1
        return counts

    def balances_text(self) -> str:
        """The same in words: `5 balances × 100`."""
        return ", ".join(f"{count} balances {word}" for word, count in self.times().items())


ONCE = {f"× {FACTOR}": ACCOUNTS}
UNCHANGED = {"× 1": ACCOUNTS}


def _bank(lab: Lab, subject: Subject, label: str) -> Bank:
    config = fill(lab, subject, label)
    assert config.database is not None
    dollars = {random_word("owner"): 1 + secrets.randbelow(9_000) for _ in range(ACCOUNTS)}
    for owner, amount in dollars.items():
        config.database.query(
            "INSERT INTO accounts (owner, balance) VALUES (%s, %s) RETURNING 1", owner, amount
        )
    return Bank(config, config.database, dollars)


@dataclass(frozen=True)
class Fleet:
    """Three replicas that were started at once before the migration, and what they did then."""

    bank: Bank
    apps: list[App]
    alive: int
    ready: int
    times: dict[str, int]
    balances_text: str


def _fleet(lab: Lab, subject: Subject) -> Fleet:
    """Started once for an answer: two questions are asked of it."""
    bank = _bank(lab, subject, "fleet")
    with bank.database.hold():
        apps = lab.together(*[lambda: launch(lab, subject, bank.config)] * REPLICAS)
        settled(lab, bank.database, *apps)
        bank.database.waiting(1, seconds=BACKGROUND_SECONDS)
    bank.database.calm()
    alive = [app for app in apps if answers(lab, subject, app)]
    for app in apps:
        if app not in alive and app.exit_code is not None:
            raise app.not_started()
    ready = sum(send(app, subject.contract.request("ready"), 1) for app in alive)
    return Fleet(bank, apps, len(alive), ready, bank.times(), bank.balances_text())


@question(
    "replicas-wait-for-migration",
    factor="XII",
    text="Do the replicas leave the migration to somebody else, and say that it is due?",
    how=f"{REPLICAS} replicas start at once on a database of version 1, and nobody migrates. All "
    "rows are locked until each of them answers, or waits to change one. Then each is asked GET / "
    "and GET /ready, and the balances are compared.",
    remedy="start without changing the tables. GET / answers always; GET /ready looks at the "
    "database at each request, and answers 503 until the migration is done.",
)
def replicas_wait_for_migration(lab: Lab, subject: Subject) -> Finding:
    """Alive, not ready, and nothing changed."""
    fleet = subject.once(_fleet, lab)
    good = fleet.alive == REPLICAS and fleet.ready == 0 and fleet.times == UNCHANGED
    return Finding(
        judged(good),
        expected=f"{REPLICAS} of {REPLICAS} answer GET / with 2xx, 0 answer GET /ready with 2xx, "
        f"{ACCOUNTS} balances × 1",
        seen=f"{fleet.alive} of {REPLICAS} answer GET / with 2xx, {fleet.ready} answer GET /ready "
        f"with 2xx, {fleet.balances_text}",
        log="" if good else fleet.apps[0].logs(tail=8),
    )


@question(
    "one-off-migrates",
    factor="XII",
    text="Does a one-off process of the same release migrate, and do the replicas notice?",
    how=f"{REPLICAS} replicas run. `python migrate.py` runs in a container of its own, with the "
    f"same image and the same environment, and ends. Then the replicas are asked GET /ready for "
    f"at most {READY_SECONDS} s. Then `python migrate.py` runs again.",
    remedy="migrate.py changes balances and version in one transaction if the version is below 2, "
    "and ends with exit code 0 each time. GET /ready asks the database anew at each request.",
)
def one_off_migrates(lab: Lab, subject: Subject) -> Finding:
    """The replicas must become ready as they are: a restart would prove something else."""
    fleet = subject.once(_fleet, lab)
    bank, started = fleet.bank, [app.state.started_at for app in fleet.apps]
    commands.must_work(lab, subject, "migrate", bank.config.env)
    times = bank.times()
    balances_text = bank.balances_text()
    ready = _ready(fleet, subject)
    restarted = sum(app.state.started_at != at for app, at in zip(fleet.apps, started, strict=True))
    second = commands.run(lab, subject, "migrate", bank.config.env)
    rows = [
        ("balances after the first run", f"{ACCOUNTS} balances × {FACTOR}", balances_text),
        ("replicas ready", f"{REPLICAS} of {REPLICAS}", f"{ready} of {REPLICAS}"),
        ("replicas restarted", "0", str(restarted)),
        ("the second run", "exit code 0", commands.ended(second)),
        ("balances after the second run", f"{ACCOUNTS} balances × {FACTOR}", bank.balances_text()),
    ]
    good = times == ONCE and all(expected == seen for _, expected, seen in rows)
    return Finding(
        judged(good),
        expected=f"{ACCOUNTS} balances × {FACTOR}, {REPLICAS} of {REPLICAS} ready without a "
        f"restart; the second run: exit code 0, {ACCOUNTS} balances × {FACTOR}",
        seen=f"{balances_text}, {ready} of {REPLICAS} ready"
        + (f", {restarted} restarted" if restarted else " without a restart")
        + f"; the second run: {commands.ended(second)}, {bank.balances_text()}",
        columns=("what", "expected", "seen"),
        rows=rows,
        log="" if good else second.logs(tail=8),
    )


def _ready(fleet: Fleet, subject: Subject) -> int:
    """How many replicas answer that they are ready, within ten seconds."""
    request, wanted = subject.contract.request("ready"), len(fleet.apps)
    return until(
        lambda: sum(send(app, request, 1) for app in fleet.apps),
        READY_SECONDS,
        enough=lambda ready: ready == wanted,
        every=0.1,
    )


@question(
    "two-at-once-migrate-once",
    factor="XII",
    text="Do two migrations at the same time change the data once?",
    how="Two one-off processes `python migrate.py` start at once. All rows are locked, and no "
    "table can be made, until both wait to change something, or have ended; then they go on. If "
    "neither has migrated, it is run once more, alone. Balances and exit codes are compared.",
    remedy="let both take a lock before they look at the version or make a table: otherwise both "
    "have looked before either acts. SELECT pg_advisory_xact_lock(1) is such a lock.",
)
def two_at_once_migrate_once(lab: Lab, subject: Subject) -> Finding:
    """One of the two may leave it to the other: what counts is the data, and that none failed."""
    bank = _bank(lab, subject, "two")
    with bank.database.hold():
        both = lab.together(*[lambda: commands.start(lab, subject, "migrate", bank.config.env)] * 2)
        forced = settled(lab, bank.database, *both)
    lab.together(*(lambda job=job: job.wait(commands.SECONDS) for job in both))
    again = (
        [commands.run(lab, subject, "migrate", bank.config.env)]
        if bank.times() == UNCHANGED
        else []
    )
    runs = [*both, *again]
    good = bank.times() == ONCE and all(job.exit_code == 0 for job in runs)
    names = ("first", "second", "alone, afterwards")
    return Finding(
        judged(good) if forced or not good else Outcome.INCONCLUSIVE,
        expected=f"{ACCOUNTS} balances × {FACTOR}; {', '.join(['exit code 0'] * len(runs))}",
        seen=f"{bank.balances_text()}; {', '.join(commands.ended(job) for job in runs)}"
        + ("" if forced else "; this machine was too slow to start both at the same time"),
        columns=("run", "ended"),
        rows=[(name, commands.ended(job)) for name, job in zip(names, runs, strict=False)],
        log="" if good else "\n".join(job.logs(tail=4) for job in runs).strip(),
    )


@question(
    "killed-half-way",
    factor="XII",
    text="Is a migration that was killed half-way done right by the next one?",
    how="Twice, on a fresh database: the rows of one table are locked, `python migrate.py` starts, "
    "and gets SIGKILL while it waits to change them; its connection ends. The lock is "
    "given up, and `python migrate.py` runs again, to its end.",
    remedy="change the balances and the version in one transaction, so that both happen or "
    "neither: one connection, one commit, no autocommit.",
)
def killed_half_way(lab: Lab, subject: Subject) -> Finding:
    """The kill comes while a change waits, so before or after it is never a matter of luck."""
    tables = ("accounts", "schema_version")
    rows = lab.together(*(lambda t=table: _kill_at(lab, subject, t) for table in tables))
    good = all(row[2] == "exit code 0" and row[4] for row in rows)
    return Finding(
        judged(good),
        expected=f"the next run: exit code 0, {ACCOUNTS} balances × {FACTOR}, wherever it was killed",
        seen="; ".join(f"killed at {row[0]}, the next run: {row[2]}, {row[3]}" for row in rows),
        columns=("locked", "the first run", "the next run", "balances"),
        rows=[row[:4] for row in rows],
        log="",
    )


def _kill_at(lab: Lab, subject: Subject, table: str) -> tuple[str, str, str, str, bool]:
    bank = _bank(lab, subject, "killed")
    with bank.database.hold(table):
        job = commands.start(lab, subject, "migrate", bank.config.env)
        settled(lab, bank.database, job)
        ended = job.exit_code
        job.kill()
        bank.database.end_connections()
    first = "killed while it waited" if ended is None else f"ended before: exit code {ended}"
    again = commands.run(lab, subject, "migrate", bank.config.env)
    return table, first, commands.ended(again), bank.balances_text(), bank.times() == ONCE
