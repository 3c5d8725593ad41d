"""Writes the table of docs/AUDIT.md from what the tests saw:

FACTORLAB_AUDIT_RECORD=FOLDER pytest tests/audit/test_foreign.py
python tests/audit/table.py FOLDER
"""

import json
import sys
from pathlib import Path

from forms import Form, forms

from factorlab.audit.questions import asked
from factorlab.course import root

BEGIN, END = "<!-- made by tests/audit/table.py -->", "<!-- end -->"


def main(folder: Path) -> None:
    """Put the table between the marks."""
    page = root() / "docs" / "AUDIT.md"
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    text = f"{before}{BEGIN}\n{table(folder)}\n{END}{rest.partition(END)[2]}"
    begin, end = "<!-- questions: made by tests/audit/table.py -->", "<!-- end of questions -->"
    before, _, rest = text.partition(begin)
    page.write_text(f"{before}{begin}\n{questions()}\n{end}{rest.partition(end)[2]}")


def questions() -> str:
    """A row for each question of the audit, with what the contract must name for it."""
    lines = ["| factor | question | id | the contract names |", "|---|---|---|---|"]
    for one in asked().values():
        needs = ", ".join(need.what for need in one.needs) or "nothing"
        lines.append(f"| {one.factor} | {one.text} | `{one.id}` | {needs} |")
    return "\n".join(lines)


def table(folder: Path) -> str:
    """A row for each form: how many answers were as written down, and which were not."""
    lines = [
        "| app | form | asked | as written down | false alarms | misses | inconclusive | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    totals = [0] * 5
    for form in forms():
        path = folder / f"{form.app}-{form.name}.json"
        if not path.is_file():
            print(f"not recorded: {form.app} {form.name}", file=sys.stderr)
            continue
        whole = json.loads(path.read_text())
        counts, names = counted(form, whole["seen"])
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        told = [f"{n}{f': {names[i]}' if names[i] else ''}" for i, n in enumerate(counts[2:4])]
        cells = [*counts[:2], *told, counts[4], round(whole["seconds"])]
        lines.append(f"| {form.app} | {form.why} | " + " | ".join(map(str, cells)) + " |")
    lines.append("| **all** | | " + " | ".join(f"**{n}**" for n in totals) + " | |")
    return "\n".join(lines)


def counted(form: Form, seen: dict[str, str]) -> tuple[list[int], list[str]]:
    """Asked, as expected, false alarms, misses, inconclusive; and the names of the third and fourth."""
    seen = {id: seen.get(id, "not tested") for id in form.expected}
    asked = {id: want for id, want in form.expected.items() if want != "not tested"}
    alarms = [i for i, want in form.expected.items() if want != "failed" and seen[i] == "failed"]
    misses = [
        i for i, want in asked.items() if want == "failed" and seen[i] in ("passed", "not tested")
    ]
    unclear = sum(seen[id] == "inconclusive" for id in asked)
    right = sum(seen[id] == want for id, want in asked.items())
    return [len(asked), right, len(alarms), len(misses), unclear], [
        ", ".join(alarms),
        ", ".join(misses),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
