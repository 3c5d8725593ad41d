"""XII. Admin processes: what changes the tables runs once, as a process of its own."""

from factorlab.checks import commands
from factorlab.checks.base import Finding, Outcome, Subject, check, judged
from factorlab.checks.deploys import REPLICAS, answers, fill, launch
from factorlab.checks.races import settled
from factorlab.lab import Lab, Postgres


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


@check(
    "starts-side-by-side",
    factor="XII",
    question="Do three replicas that start at once leave the database as one does?",
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
        (name, *(f"{side[name][0]} rows" if name in side else "no such table" for side in (before, after)),
         "the same" if before.get(name) == after.get(name) else "different")
        for name in sorted(before | after)
    ]  # fmt: skip
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


@check(
    "migrate-command-migrates",
    factor="XII",
    question="Does a one-off process of the same image migrate the database, and only once?",
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
