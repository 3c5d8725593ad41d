"""Part of `make bench`: a class of 30 and its overhead, and one exercise beside nbgrader and otter-grader.

    python tests/bench_class.py [--class 30] [--peers .venv/peers] [--write]

`--write` puts the tables into docs/BENCHMARKS.md and docs/GRADING.md, between their marks.
"""

import argparse
import contextlib
import io
import itertools
import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from answers.key import files, names
from peers import nbgrader, otter

from factorlab import course
from factorlab.cli.grade import grade_command
from factorlab.exercises import judging

ROOT = Path(__file__).resolve().parents[1]
JOBS = os.cpu_count() or 1
LESSON, ALONE = "01-config", "III-2"
OVERHEAD_BAR = 0.20
PEER_SUBMISSIONS = 10


class AskedTime:
    """How long the checks themselves take, summed over all threads."""

    def __init__(self) -> None:
        self.seconds, self._ask, self._lock = 0.0, judging.ask, threading.Lock()

    def __call__(self, *args: object) -> object:
        began = time.perf_counter()
        try:
            return self._ask(*args)  # type: ignore[arg-type]
        finally:
            with self._lock:
                self.seconds += time.perf_counter() - began


def graded(inbox: Path, out: Path, *more: str) -> tuple[float, float]:
    """Grade a folder; (seconds in all, seconds within checks)."""
    asked = AskedTime()
    judging.ask = asked  # type: ignore[assignment]
    began = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            grade_command.main([str(inbox), "--out", str(out), *more], standalone_mode=False)
    finally:
        judging.ask = asked._ask
    whole = time.perf_counter() - began
    told = json.loads((out / "results.json").read_text())
    outcomes = {
        t["outcome"]
        for one in told["learners"]
        for e in one["exercises"].values()
        for t in e.values()
    }
    if "environment" in outcomes:
        print("  some were not graded: this machine is too busy for figures")
    return whole, asked.seconds


def hand_in(inbox: Path, size: int, exercises: list[str]) -> None:
    """`size` notebooks; right and wrong judged answers of the course in turns."""
    answers = {id: itertools.cycle(in_turns(id)) for id in exercises}
    for number in range(1, size + 1):
        cells = [
            {"cell_type": "code", "source": f"%%answer {id}/{name}\n{text}"}
            for id in exercises
            for name, text in next(answers[id]).items()
        ]
        folder = inbox / f"learner-{number:02}"
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(json.dumps({"cells": cells}))


def in_turns(id: str) -> list[dict[str, str]]:
    own = [name for name in names() if name.startswith(f"{id}/")]
    kinds = (
        [name for name in own if name.startswith(f"{id}/{kind}-")] for kind in ("right", "wrong")
    )
    return [files(name) for pair in itertools.zip_longest(*kinds) for name in pair if name]


def class_cost(place: Path, size: int) -> list[str]:
    """A class with all exercises of the lesson: rows of a table."""
    ids = [entry.id for entry in course.lesson(LESSON).exercises]
    hand_in(place / "class", size, ids)
    whole, asked = graded(place / "class", place / "grades")
    again, _ = graded(place / "class", place / "grades")
    over = whole * JOBS / asked - 1
    return [
        f"| {size} submissions of {' and '.join(ids)}, {JOBS} at a time | {whole:.0f} s, {whole / size:.1f} s each | |",
        f"| all that is not a check (reading, building, clearing up, pages, waiting for the last) over the checks' "
        f"own time | {over:.0%} | {OVERHEAD_BAR:.0%} |",
        f"| the same command again, nothing changed | {again:.1f} s | |",
    ]


def peer_cost(place: Path, peers: Path, size: int) -> list[str]:
    """One exercise with three tasks, right answers: rows of a table, seconds a submission."""
    right = next(iter(in_turns(ALONE)))
    for number in range(size):
        folder = place / "alone" / f"learner-{number:02}" / ALONE
        folder.mkdir(parents=True)
        for name, text in right.items():
            (folder / name).write_text(text)
    rows = []
    for jobs in sorted({1, JOBS}):
        whole, _ = graded(place / "alone", place / f"alone-{jobs}", "--jobs", str(jobs))
        rows.append(
            row(f"`factorlab grade --jobs {jobs}`", whole / size, "containers, judged from outside")
        )
    for name, measure, how in (
        (
            "nbgrader 0.9.6, `autograde` and `generate_feedback`",
            nbgrader,
            "none: runs as the grader's user",
        ),
        ("otter-grader 7.0.0, `otter run`", otter, "none: runs as the grader's user"),
    ):
        rows.append(tried(name, how, lambda measure=measure: measure(peers, place, size)))
    return rows


def tried(name: str, how: str, measure: Callable[[], float]) -> str:
    """A row, or in it why there is none."""
    try:
        return row(name, measure(), how)
    except (OSError, RuntimeError) as error:
        return f"| {name} | not measured: {str(error).splitlines()[0][:120]} | {how} |"


def row(name: str, seconds: float, how: str) -> str:
    return f"| {name} | {seconds:.1f} s | {how} |"


def quiet_or_busy() -> str:
    """What the machine did before: seconds of a busy one are too high, ratios less so."""
    load = os.getloadavg()[0]
    told = f"Measured on {JOBS} cores; the load average before was {load:.1f}"
    return (
        f"{told}: a busy machine, so the seconds are too high." if load > JOBS / 2 else f"{told}."
    )


def put(name: str, mark: str, lines: list[str]) -> None:
    """Put a table between `<!-- mark -->` and `<!-- /mark -->` of a page."""
    path = ROOT / "docs" / name
    between = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.S)
    text, count = between.subn(lambda m: m[1] + "\n".join(lines) + "\n" + m[2], path.read_text())
    if not count:
        raise SystemExit(f"docs/{name} has no mark {mark}.")
    path.write_text(text)


def main() -> None:
    """Measure, print, and with --write put it into the pages."""
    told = argparse.ArgumentParser()
    told.add_argument("--class", dest="size", type=int, default=30)
    told.add_argument("--peers", type=Path, default=ROOT / ".venv" / "peers")
    told.add_argument("--write", action="store_true")
    asked = told.parse_args()
    state = quiet_or_busy()
    with tempfile.TemporaryDirectory(prefix="factorlab-bench-") as place:
        tables = {
            "class": [
                "| what | figure | bar |",
                "|---|---|---|",
                *class_cost(Path(place), asked.size),
            ],
            "peers": [
                "| one exercise with three tasks | a submission | isolation |",
                "|---|---|---|",
                *peer_cost(Path(place), asked.peers, min(PEER_SUBMISSIONS, asked.size)),
            ],
        }
    for mark, lines in tables.items():
        lines += ["", state]
        print("\n".join(lines), end="\n\n")
        if asked.write:
            put("BENCHMARKS.md", mark, lines)
            put("GRADING.md", mark, lines)


if __name__ == "__main__":
    main()
