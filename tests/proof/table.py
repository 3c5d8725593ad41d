"""The table of parts in docs/BENCHMARKS.md, from what `make prove` saw on the last whole run."""

import json
from collections.abc import Mapping
from pathlib import Path

from factorlab import course

FILE = Path(__file__).with_name("figures.json")
BEGIN, END = "<!-- parts: made by `make prove` -->", "<!-- end of parts -->"


def read() -> dict[str, dict[str, float]]:
    """Part -> tests, wall (s), cpu (s), starts; empty before the first whole proof."""
    if not FILE.is_file():
        return {}
    found: dict[str, dict[str, float]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def store(figures: Mapping[str, Mapping[str, float]], page: Path | None = None) -> None:
    """Keep the figures, and write the table into the page."""
    FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    page = page or course.root() / "docs" / "BENCHMARKS.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{table(figures)}\n{END}{after}", encoding="utf-8")


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """A row for each part and one for all."""
    lines = ["| part | tests | wall, s | CPU, s | container starts |", "|---|---|---|---|---|"]
    names = ("tests", "wall", "cpu", "starts")
    for part, row in figures.items():
        lines.append(f"| `{part}` | " + " | ".join(f"{row[name]:.0f}" for name in names) + " |")
    sums = [sum(row[name] for row in figures.values()) for name in names]
    return "\n".join([*lines, "| **all** | " + " | ".join(f"**{n:.0f}**" for n in sums) + " |"])
