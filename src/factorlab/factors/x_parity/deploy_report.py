"""X. Dev/prod parity: a report of how two deploys differ, held to differences that were planted."""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from factorlab.errors import FactorLabError, NoAnswer, NotReady
from factorlab.lab import Lab, Postgres
from factorlab.questions.deploys import Config, deploy, json_list
from factorlab.questions.finding import Finding, judged
from factorlab.questions.question import question
from factorlab.questions.subject import Subject

SIDES = ("dev", "production")
VARIABLES = ("DEV_DATABASE_URL", "PRODUCTION_DATABASE_URL")
MAKING_SECONDS = 60
SETTINGS = {
    "TimeZone": ("UTC", "Europe/Zurich", "Asia/Tokyo", "America/Lima"),
    "default_transaction_isolation": ("read committed", "repeatable read", "serializable"),
    "bytea_output": ("hex", "escape"),
}
COLLATIONS = ("C", "C.UTF-8")
TYPES = {
    "name": ("character varying(40)", "character varying(60)", "text"),
    "price": ("numeric(8,2)", "numeric(8,3)", "integer"),
    "day": ("date", "timestamp without time zone", "timestamp with time zone"),
    "pieces": ("integer", "bigint", "smallint"),
}
Difference = tuple[str | None, str | None]
"""What dev has and what production has; None where one has nothing of that name."""


@dataclass(frozen=True)
class Deploy:
    """What one of the two databases is made of."""

    collation: str
    settings: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]
    indexes: Mapping[str, str]
    """Name -> what stands behind ON."""


@dataclass(frozen=True)
class Pair:
    """Two deploys, how they differ, and what the answer has reported."""

    planted: Mapping[str, Difference]
    reported: Mapping[str, Difference]
    fault: str
    log: str


def _base(dice: random.Random) -> Deploy:
    tables = {
        f"{word}_{dice.randrange(1000, 9999)}": {name: kinds[0] for name, kinds in TYPES.items()}
        for word in ("products", "orders", "customers", "visits", "bills", "parcels")
    }
    indexes = {
        f"{table}_by_{column}": f"{table} ({column})"
        for table in tables
        for column in ("name", "day")
    }
    settings = {name: dice.choice(values) for name, values in SETTINGS.items()}
    return Deploy(dice.choice(COLLATIONS), settings, tables, indexes)


def _drawn(dice: random.Random) -> tuple[Deploy, Deploy, dict[str, Difference]]:
    """Dev and production, and how they differ: each has changes of its own in half of the tables."""
    base = _base(dice)
    names = list(base.tables)
    dice.shuffle(names)
    dev, ours = _altered(dice, base, names[:3])
    production, planted = _altered(dice, base, names[3:])
    planted |= {what: (changed, was) for what, (was, changed) in ours.items()}
    collation = next(each for each in COLLATIONS if each != base.collation)
    planted["collation"] = (base.collation, collation)
    settings = dict(base.settings)
    for name in dice.sample(list(SETTINGS), 2):
        settings[name] = dice.choice([v for v in SETTINGS[name] if v != settings[name]])
        planted[f"setting {name}"] = (base.settings[name], settings[name])
    return dev, replace(production, collation=collation, settings=settings), planted


def _altered(
    dice: random.Random, one: Deploy, names: Sequence[str]
) -> tuple[Deploy, dict[str, Difference]]:
    """A deploy that differs from another in a few things of three tables; and in which."""
    planted: dict[str, Difference] = {}
    tables = {table: dict(columns) for table, columns in one.tables.items()}
    lost, changed, smaller = dice.sample(names, 3)
    del tables[lost]
    planted[f"table {lost}"] = (lost, None)
    for column in dice.sample([each for each in TYPES if each != "name"], 2):
        tables[changed][column] = dice.choice(TYPES[column][1:])
        planted[f"column {changed}.{column}"] = (TYPES[column][0], tables[changed][column])
    tables[changed]["name"] = TYPES["name"][1]  # a length alone, in every pair
    planted[f"column {changed}.name"] = (TYPES["name"][0], TYPES["name"][1])
    del tables[smaller]["pieces"]
    planted[f"column {smaller}.pieces"] = ("integer", None)
    indexes = {name: on for name, on in one.indexes.items() if not on.startswith(f"{lost} ")}
    gone, redone = dice.sample([name for name in indexes if name.startswith(smaller)], 2)
    planted[f"index {gone}"] = (indexes.pop(gone), None)
    indexes[redone] = f"{smaller} (price, day)"
    planted[f"index {redone}"] = (one.indexes[redone], indexes[redone])
    return replace(one, tables=tables, indexes=indexes), planted


def _create(lab: Lab, server: Postgres, name: str, made: Deploy) -> str:
    """A database that is made so, and its URL."""
    server.query(
        f"CREATE DATABASE {name} TEMPLATE template0 OWNER shop ENCODING 'UTF8' "
        f"LC_COLLATE '{made.collation}' LC_CTYPE 'C.UTF-8'",
        seconds=MAKING_SECONDS,
    )
    for setting, value in made.settings.items():
        server.query(f"ALTER DATABASE {name} SET {setting} = '{value}'", seconds=MAKING_SECONDS)
    url = server.url.rpartition("/")[0] + f"/{name}"
    statements = [
        f"CREATE TABLE {table} (id serial PRIMARY KEY, "
        + ", ".join(f"{column} {kind}" for column, kind in columns.items())
        + ")"
        for table, columns in made.tables.items()
    ]
    statements += [f"CREATE INDEX {index} ON {on}" for index, on in made.indexes.items()]
    lab.probe.sql(url, *((statement, ()) for statement in statements), seconds=MAKING_SECONDS)
    return url


def _urls(
    lab: Lab, servers: Sequence[Postgres], name: str, made: tuple[Deploy, Deploy]
) -> list[str]:
    return [_create(lab, server, name, one) for server, one in zip(servers, made, strict=True)]


def _pair(lab: Lab, subject: Subject, name: str) -> Pair:
    """One pair, compared once for all questions: two that `differ`, or two that are `alike`."""
    servers, wanted = subject.once(_planned, lab)
    return _compared(lab, subject, servers, name, *wanted[name])


def _planned(
    lab: Lab, subject: Subject
) -> tuple[list[Postgres], dict[str, tuple[Deploy, Deploy, dict[str, Difference]]]]:
    """The two servers, and what each pair is made like."""
    servers = lab.together(*(lambda side=side: lab.database(side) for side in SIDES))
    dev, production, planted = _drawn(random.Random(secrets.randbits(64)))
    return servers, {"differ": (dev, production, planted), "alike": (dev, dev, {})}


def _compared(
    lab: Lab,
    subject: Subject,
    servers: list[Postgres],
    name: str,
    left: Deploy,
    right: Deploy,
    planted: Mapping[str, Difference],
) -> Pair:
    own = f"{name}_{secrets.token_hex(3)}"
    try:
        urls = _urls(lab, servers, own, (left, right))
    except FactorLabError as error:  # it is our own statement that failed, and not the answer's
        raise NotReady(error.what, next="check again when the machine is less busy.") from error
    env = dict(zip(VARIABLES, urls, strict=True))
    app = deploy(lab, subject, Config(env, None, subject.contract.port))
    try:
        reply = app.get("/report", seconds=60)
        reported, fault = _read(reply.text)
        fault = fault if reply.is_success else f"/report answered {reply.status_code}"
    except NoAnswer:
        reported, fault = {}, "/report did not answer"
    log = app.logs(tail=12)
    app.remove()
    return Pair(planted, reported, fault, log)


def _read(text: str) -> tuple[dict[str, Difference], str]:
    """The entries of a report, and what is wrong with its form, if anything."""
    data = json_list(text)
    if data is None:
        return {}, "/report is no list in JSON"
    found: dict[str, Difference] = {}
    for one in data:
        if not isinstance(one, dict) or not {"what", *SIDES} <= set(one):
            return {}, "an entry of /report does not have what, dev and production"
        values = [None if one[side] is None else str(one[side]) for side in SIDES]
        found[str(one["what"])] = (values[0], values[1])
    return found, ""


def _row_text(what: str, planted: Difference | None, reported: Difference | None) -> str:
    """How an entry compares with what was planted. Words are compared where only one is right;
    of a type or an index, it counts whether it is there and whether both are the same."""
    if planted is None:
        return "reported, and there is no difference"
    if reported is None:
        return "not reported"
    if what.split(maxsplit=1)[0] in ("collation", "setting"):
        return "reported" if planted == reported else "reported with other values"
    there = [value is not None for value in planted] == [value is not None for value in reported]
    return "reported" if there and reported[0] != reported[1] else "reported with other values"


def _judge(lab: Lab, subject: Subject, *kinds: str) -> Finding:
    pair = subject.once(_pair, lab, "differ")
    rows = []
    for what in sorted({*pair.planted, *pair.reported}):
        if what.split()[:1] and what.split()[0] in kinds:
            said = _row_text(what, pair.planted.get(what), pair.reported.get(what))
            here = [str(value or "–") for value in pair.planted.get(what, ("–", "–"))]
            rows.append((what[:60], *here, said))
    planted = sum(what.split()[0] in kinds for what in pair.planted)
    right = sum(row[3] == "reported" for row in rows)
    extra = sum(row[3].startswith("reported, and") for row in rows)
    seen = f"{right} of {planted} reported, and {extra or 'nothing'} else"
    return Finding(
        judged(right == planted and not extra and not pair.fault),
        expected=f"{planted} of {planted} reported, and nothing else",
        seen=seen + (f"; {pair.fault}" if pair.fault else ""),
        columns=("what", *SIDES, "in the report"),
        rows=[row for row in rows if row[3] != "reported"] or rows,
        log=pair.log if pair.fault else "",
    )


_HOW = "Two random databases are made that differ, and compared. "


@question(
    "report-names-the-database",
    factor="X",
    text="Does the report name what differs in the databases themselves?",
    how=_HOW + "Their collation and two of the three settings differ.",
    remedy="ask both databases and compare all of them: the collation stands in pg_database, a "
    "setting is what SHOW says on a connection to that database.",
)
def report_names_the_database(lab: Lab, subject: Subject) -> Finding:
    """Values are compared as text."""
    return _judge(lab, subject, "collation", "setting")


@question(
    "report-names-the-tables",
    factor="X",
    text="Does the report name what differs in the tables?",
    how=_HOW + "Each has a table and a column that the other does not have, and columns have other "
    "types, two of them only another length.",
    remedy="go through the names of both sides together, and take the whole type: "
    "format_type(atttypid, atttypmod) says character varying(40), data_type leaves the 40 out. "
    "Of a table that one side does not have, name the table and none of its columns.",
)
def report_names_the_tables(lab: Lab, subject: Subject) -> Finding:
    """Types may be spelled as one likes."""
    return _judge(lab, subject, "table", "column")


@question(
    "report-names-the-indexes",
    factor="X",
    text="Does the report name what differs in the indexes?",
    how=_HOW
    + "Each has an index that the other does not have, and two have other columns under the "
    "same name.",
    remedy="compare what each index is (indexdef in pg_indexes), not its name alone; those of a "
    "table that one side does not have are not named.",
)
def report_names_the_indexes(lab: Lab, subject: Subject) -> Finding:
    """Definitions may be spelled as one likes."""
    return _judge(lab, subject, "index")


@question(
    "report-is-quiet",
    factor="X",
    text="Is the report empty when nothing differs?",
    how="Two databases that are alike are compared. Only host and password are others.",
    remedy="report a thing only when its two values are not the same.",
)
def report_is_quiet(lab: Lab, subject: Subject) -> Finding:
    """An app that reports nothing at all fails the other questions."""
    pair = subject.once(_pair, lab, "alike")
    count = len(pair.reported)
    return Finding(
        judged(not count and not pair.fault),
        expected="a list of 0 entries",
        seen=pair.fault or f"a list of {count} {'entry' if count == 1 else 'entries'}",
        columns=("what", *SIDES),
        rows=[(what[:60], *map(str, both)) for what, both in list(pair.reported.items())[:5]],
        log=pair.log if pair.fault else "",
    )
