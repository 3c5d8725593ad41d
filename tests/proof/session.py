"""One run of pytest over some parts, in a process of its own, and what came of it."""

import operator
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from factorlab import course
from factorlab.engine.cleanup import sweep
from factorlab.errors import NotReady
from factorlab.waiting import until
from proof.cost import Cost, measured

WORKERS = 3
"""Beside each other: one waits for its container while two compute, on two cores."""
SWEPT_SECONDS = 60
"""A lab that a test killed on purpose is swept within fifteen seconds."""


@dataclass
class Session:
    """What a run of pytest did: its exit status, tests by outcome, cost, what it left behind."""

    status: int
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why tests were skipped."""
    cost: Cost = field(default_factory=Cost)
    leftovers: str = ""

    @property
    def good(self) -> bool:
        """Whether all passed and nothing was left; an empty part (pytest's 5) is no failure."""
        return self.status in (0, 5) and not self.leftovers


def run(words: Sequence[str], report: Path) -> Session:
    """Run pytest with these words; its report goes to `report` as JUnit XML."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        str(WORKERS),
        f"--junitxml={report}",
        f"--keep-durations={kept(report)}",
        "-o",
        "junit_family=xunit2",
        "--durations=10",
        *words,
    ]
    with measured() as cost:
        ran = subprocess.run(command, cwd=course.root(), env=_environment(), check=False)
    session = Session(ran.returncode, cost=cost, leftovers=_left())
    for outcome, why in _cases(report) if report.is_file() else ():
        session.counts[outcome] += 1
        session.reasons.update([why] if outcome == "skipped" else [])
    return session


MAKES_OWN = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PART", "SHARD", "SINCE", "PYTHONPATH")
"""What `make` hands on: with these, a `make` that a test starts would prove what we were asked to."""


def _environment() -> dict[str, str]:
    """Ours, without what `make` was told, and without the folder in which `proof` lies: no test's
    child finds anything by it."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    rest = os.pathsep.join(path for path in paths if path not in ("", "tests"))
    kept = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    return kept | ({"PYTHONPATH": rest} if rest else {})


def kept(report: Path) -> Path:
    """Where the durations of the tests in a report are."""
    return report.with_suffix(".durations.json")


def counted(report: Path) -> Counter[str]:
    """The tests of a JUnit file by outcome: passed, failure, error, skipped."""
    return Counter(outcome for outcome, _ in _cases(report))


def _cases(report: Path) -> Iterator[tuple[str, str]]:
    for case in ET.parse(report).getroot().iter("testcase"):
        other = next((c for c in case if c.tag in {"failure", "error", "skipped"}), None)
        yield ("passed", "") if other is None else (other.tag, other.get("message", ""))


def _left() -> str:
    """What tests left on the engine, in words; nothing where all is gone, or no engine is there."""
    try:
        left = until(sweep.leftovers, SWEPT_SECONDS, enough=operator.not_, every=0.5)
    except NotReady:
        return ""
    return str(left) if left else ""
