"""`python -m proof test`, `… prove [--part ix] [--shard 2/8]`, `… summary REPORT…`."""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

from factorlab import course
from proof import durations, plan, table
from proof.changes import changes, commits
from proof.parts import PARTS, folders_of
from proof.session import Session, counted, kept, run
from proof.touched import touched

ARTIFACTS = "artifacts/proof"


def main(words: list[str]) -> int:
    """The exit status: 0 when all that was asked passed, 1 when not."""
    parser = argparse.ArgumentParser(prog="proof", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("test", help="the floor, what the change touches, two parts in turn")
    commands.add_parser("unit", help="what needs no container engine")
    whole = commands.add_parser("prove", help="everything, or one part, or one shard")
    whole.add_argument("--part", choices=PARTS, help="such as ix")
    whole.add_argument("--shard", type=shard, help="such as 2/8")
    several = commands.add_parser("summary", help="one page of the reports of several machines")
    several.add_argument("reports", nargs="+", type=Path, help="JUnit files of make prove")
    args = parser.parse_args(words)
    if args.command == "test":
        return test()
    if args.command == "unit":
        return summed({"unit": prove_part("unit")})
    if args.command == "summary":
        return summary(args.reports)
    return summed(prove(args.part, args.shard))


def shard(text: str) -> tuple[int, int]:
    """`2/8` as (2, 8)."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"'{text}' is no shard: write one as 2/8.")
    return int(found[1]), int(found[2])


def report_of(name: str) -> Path:
    """Where the JUnit file of a part or a shard goes."""
    return course.root() / ARTIFACTS / f"{name}.xml"


def prove_part(part: str) -> Session:
    """One part, in a pytest of its own."""
    print(f"\nPart {part}: {PARTS[part]}", flush=True)
    return run(["-q", "--part", part, *folders_of(part)], report_of(part))


def prove(part: str | None, shard: tuple[int, int] | None) -> dict[str, Session]:
    """One part; one shard of everything; or every part, one after the other."""
    if part and shard:
        raise SystemExit("Name a part or a shard, not both.")
    if shard:
        words = ["-q", "--splits", str(shard[1]), "--group", str(shard[0])]
        words += ["--durations-path", str(durations.FILE)]
        name = f"shard-{shard[0]}-of-{shard[1]}"
        return {name: run(words, report_of(name))}
    if part:
        return {part: prove_part(part)}
    found = {name: prove_part(name) for name in PARTS}
    if all(session.good for session in found.values()):
        table.store({name: figures(session) for name, session in found.items()})
        durations.write(durations.merge(kept(report_of(name)) for name in found))
    return found


def figures(session: Session) -> dict[str, float]:
    """A session as a row of the table."""
    cost = session.cost
    return {
        "tests": session.counts.total(),
        "wall": round(cost.wall, 1),
        "cpu": round(cost.cpu, 1),
        "starts": cost.starts,
    }


def test() -> int:
    """`make test`: says what it will prove and why, proves it, and says what it has not proved."""
    found = changes()
    seconds = {part: table.read().get(part, {}).get("wall", 30.0) for part in PARTS}
    chosen = plan.plan(found, touched(found.files), commits(), seconds)
    print(plan.before(chosen), flush=True)
    words = ["-q", "--floor"]
    words += [word for part in chosen.parts for word in ("--part", part)]
    words += [word for file in chosen.tests for word in ("--touched", file)]
    status = summed({"test": run(words, report_of("test"))})
    print(plan.after(chosen))
    return status


def summary(reports: list[Path]) -> int:
    """The reports of several machines as one table in Markdown, and their durations as one file
    beside the first. 1 when a test failed anywhere, or a report has no test."""
    found = {report.stem: counted(report) for report in reports}
    print("| report | passed | failed | skipped |\n|---|---|---|---|")
    for name, counts in found.items():
        failed = counts["failure"] + counts["error"]
        print(f"| {name} | {counts['passed']} | {failed} | {counts['skipped']} |")
    whole = sum(found.values(), Counter())
    failed = whole["failure"] + whole["error"]
    print(f"| **all** | **{whole['passed']}** | **{failed}** | **{whole['skipped']}** |")
    merged = durations.merge(kept(report) for report in reports)
    durations.write(merged, reports[0].with_name("durations.json"))
    return 0 if not failed and all(counts.total() for counts in found.values()) else 1


def summed(sessions: dict[str, Session]) -> int:
    """Say what ran, what was skipped and why, what it cost; the exit status."""
    print()
    for name, one in sessions.items():
        told = ", ".join(f"{n} {outcome}" for outcome, n in sorted(one.counts.items()))
        cost = f"{one.cost.wall:.0f} s, {one.cost.cpu:.0f} CPU s, {one.cost.starts} containers"
        print(f"{name:8} {'good' if one.good else 'NOT GOOD':8} {told or 'no tests'}; {cost}")
        for reason, n in one.reasons.items():
            print(f"         {n} skipped: {reason}")
        if one.leftovers:
            print(f"         left on the engine: {one.leftovers}")
    return 0 if all(one.good for one in sessions.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
