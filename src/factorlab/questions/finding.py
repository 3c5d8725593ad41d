"""What one run of a question saw: the outcome, and the evidence for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What was found. `inconclusive` means that the machine, not the app, is the reason."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


def judged(good: bool) -> Outcome:
    """What was found that the machine did not keep from finding out."""
    return Outcome.PASSED if good else Outcome.FAILED


@dataclass(frozen=True)
class Finding:
    """What one run of a question saw; `rows` under `columns` are the evidence."""

    outcome: Outcome
    expected: str
    seen: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    log: str = ""
