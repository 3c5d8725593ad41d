"""One run of pytest over some parts, in a process of its own, and what came of it."""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from factorlab import course
from factorlab.engine import cleanup
from factorlab.errors import NotReady
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


def run(words: Sequence[str], report: Path, *, workers: int = WORKERS) -> Session:
    """Run pytest with these words; its report goes to `report` as JUnit XML."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "pytest", "-n", str(workers), f"--junitxml={report}",
        "-o", "junit_family=xunit2", "--durations=10", *words,
    ]  # fmt: skip
    # where `proof` lies is for this process: no test's child finds anything by it
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with measured() as cost:
        status = subprocess.run(command, cwd=course.root(), env=env, check=False).returncode
    session = Session(status, cost=cost, leftovers=_left())
    if report.is_file():
        _count(report, session)
    return session


def _count(report: Path, session: Session) -> None:
    for case in ET.parse(report).getroot().iter("testcase"):
        outcome = next((c.tag for c in case if c.tag in {"failure", "error", "skipped"}), "passed")
        session.counts[outcome] += 1
        if outcome == "skipped" and (skipped := case.find("skipped")) is not None:
            session.reasons[skipped.get("message", "")] += 1


def _left() -> str:
    """What tests left on the engine, in words; nothing where all is gone, or no engine is there."""
    deadline = time.monotonic() + SWEPT_SECONDS
    try:
        while left := cleanup.leftovers():
            if time.monotonic() > deadline:
                return str(left)
            time.sleep(0.5)
    except NotReady:
        pass
    return ""
