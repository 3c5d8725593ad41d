"""No amount of work stands for "long enough": where something must still be under way, it computes
for longer than any machine could, and where a computation is measured, it is as long as a clock says."""

import json
import re
from pathlib import Path

import pytest

from factorlab.factors.viii_concurrency import heavy_requests

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("solutions/*.ipynb")])
ROUNDS = re.compile(r"""(?:\brounds\b["`]?\s*[:=]\s*|write `)([\d_]{5,}|10\*\*\d+)\b""")
COMPUTED = re.compile(r"compute\([^)\n]*\b[\d_]{7,}|map\(compute,[^\n]*[\d_]{7,}")
ENDLESS = 24 * 3600 * 10**9
"""Rounds that take a day where a round is one step of a processor: no Python comes near it."""


def rounds(text):
    """The amounts of rounds that a text orders."""
    return [eval(found) for found in ROUNDS.findall(text)]


def sources(path):
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])


def test_the_check_orders_one_that_no_machine_ends():
    assert ENDLESS < heavy_requests.LONG < 2**53, "a number that JSON carries in any language"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_orders_no_report_that_a_fast_machine_ends(path):
    assert [n for n in rounds(sources(path)) if n < ENDLESS] == []


def test_the_lesson_orders_one_in_its_cells_and_one_in_its_panel():
    assert rounds(sources(ROOT / "notebooks/11-concurrency.ipynb")) == [heavy_requests.LONG] * 2


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("apps/**/*.py")), ids=lambda path: str(path.relative_to(ROOT / "apps"))
)
def test_an_app_computes_no_fixed_amount(path):
    assert not COMPUTED.search(path.read_text())


def test_what_was_there_would_have_been_found():
    assert rounds('{"seed": 7, "rounds": 400_000_000}') == [400_000_000]
    assert rounds("write `4000000000` for `rounds`") == [4_000_000_000]
    assert COMPUTED.search("pool.map(compute, range(count), [6_000_000 // count] * count)")
