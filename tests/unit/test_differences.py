"""What is planted for X-3 is what really differs, in every draw; and a report is read as data."""

import random

import pytest

from factorlab.factors.x_parity.deploy_report import _drawn, _read, _row_text


def differences(left, right):
    """How two deploys differ, worked out from what they are made of."""
    found = {"collation": (left.collation, right.collation)}
    for name in left.settings:
        found[f"setting {name}"] = (left.settings[name], right.settings[name])
    for table in {**left.tables, **right.tables}:
        if (table in left.tables) != (table in right.tables):
            found[f"table {table}"] = tuple(
                table if table in s.tables else None for s in (left, right)
            )
            continue
        for column in {**left.tables[table], **right.tables[table]}:
            found[f"column {table}.{column}"] = tuple(
                s.tables[table].get(column) for s in (left, right)
            )
        for index, on in {**left.indexes, **right.indexes}.items():
            if on.startswith(f"{table} "):
                found[f"index {index}"] = (left.indexes.get(index), right.indexes.get(index))
    return {what: both for what, both in found.items() if both[0] != both[1]}


@pytest.mark.parametrize("seed", range(50))
def test_what_is_planted_is_what_differs(seed):
    left, right, planted = _drawn(random.Random(seed))
    assert planted == differences(left, right)
    kinds = [what.split(maxsplit=1)[0] for what in planted]
    counts = [kinds.count(kind) for kind in ("collation", "setting", "table", "column", "index")]
    assert counts == [1, 2, 2, 8, 4]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Internal Server Error", "/report is no list in JSON"),
        ("[" * 100_000, "/report is no list in JSON"),
        ("{}", "/report is no list in JSON"),
        ("[1]", "an entry of /report does not have what, dev and production"),
        ('[{"what": "collation", "dev": "C"}]', "an entry of /report does not have what, dev"),
    ],
)
def test_a_report_of_another_form_is_told(text, fault):
    found, said = _read(text)
    assert not found
    assert said.startswith(fault)


def test_values_count_where_only_one_is_right():
    assert _row_text("setting TimeZone", ("UTC", "Asia/Tokyo"), ("UTC", "Asia/Tokyo")) == "reported"
    assert _row_text("setting TimeZone", ("UTC", "Asia/Tokyo"), ("Asia/Tokyo", "UTC")) != "reported"
    assert _row_text("index a", ("a (b)", None), ("CREATE INDEX …", None)) == "reported"
    assert _row_text("index a", ("a (b)", None), (None, "CREATE INDEX …")) != "reported"
    assert _row_text("column a.b", ("date", "text"), ("same", "same")) != "reported"
    assert _row_text("table a", None, ("a", None)).startswith("reported, and")
