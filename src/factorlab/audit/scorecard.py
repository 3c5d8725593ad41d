"""What an audit found: a row for each question, and the whole as a table, as data, as a verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from factorlab.audit.questions import FACTORS
from factorlab.display import Card, Table
from factorlab.questions.finding import Finding
from factorlab.questions.question import Question
from factorlab.questions.verdict import Verdict


class Result(StrEnum):
    """What became of a question. `inconclusive`: the machine, not the app, is the reason."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not tested"
    SKIPPED = "skipped"


ORDER = tuple(Result)


@dataclass(frozen=True)
class Row:
    """One question and what became of it: the `finding` where it was answered, or `why` it was not;
    what to do `next` and the app's last words (`log`) where it is not passed; the `seconds` that
    it took."""

    question: Question
    result: Result
    finding: Finding | None = None
    why: str = ""
    next: str = ""
    log: str = ""
    seconds: float = 0.0

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def factor(self) -> str:
        return self.question.factor

    @property
    def title(self) -> str:
        return self.question.text

    @property
    def expected(self) -> str:
        return self.finding.expected if self.finding else ""

    @property
    def seen(self) -> str:
        """What was seen, or why nothing was."""
        return self.finding.seen if self.finding else self.why

    def card(self) -> Card:
        """The row as it is displayed when it is looked at alone."""
        if self.finding:
            card = Verdict(self.question, "app", self.finding).card()
            return Card(
                f"{self.factor} · {self.title}",
                str(self.result),
                card.lines,
                card.evidence,
                card.log,
            )
        lines = [("Asked:", self.question.how), ("Seen:", self.why), ("Next:", self.next)]
        return Card(f"{self.factor} · {self.title}", str(self.result), lines, log=self.log)

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, for JSON."""
        found = self.finding
        rows = found.rows if found else ()
        return {
            "id": self.id,
            "factor": self.factor,
            "question": self.title,
            "result": str(self.result),
            "asked": self.question.how,
            "expected": self.expected,
            "seen": self.seen,
            "next": self.next,
            "evidence": [dict(zip(found.columns, row, strict=True)) for row in rows]
            if found
            else [],
            "log": self.log,
            "seconds": round(self.seconds, 1),
        }


@dataclass(frozen=True)
class Scorecard:
    """All rows of an audit of `target` (what named it) and its `image` (the engine's id): `notes` are
    remarks on how the app was run, `advice` is what would let the audit ask more, `skipped` has the
    reason for each id that was left out, and `seconds` is what all of it took."""

    target: str
    image: str
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    seconds: float = 0.0
    skipped: dict[str, str] = field(default_factory=dict)
    advice: Sequence[str] = ()

    def row(self, id: str) -> Row:
        """The row of a question. Raises StopIteration for one that was not to be asked."""
        return next(row for row in self.rows if row.id == id)

    def counts(self) -> dict[Result, int]:
        """How many questions had each result, those that none had among them."""
        counted = Counter(row.result for row in self.rows)
        return {result: counted[result] for result in ORDER}

    def factors(self) -> dict[str, list[Row]]:
        """The rows of each factor, in the order of the report."""
        return {
            factor: rows
            for factor in FACTORS
            if (rows := [row for row in self.rows if row.factor == factor])
        }

    @property
    def asked(self) -> list[Row]:
        """The rows of the questions that were asked and answered."""
        return [row for row in self.rows if row.result in (Result.PASSED, Result.FAILED)]

    @property
    def green(self) -> bool:
        """Whether something was asked and all that was asked has passed."""
        return self.exit_status() == 0

    def exit_status(self) -> int:
        """0: all that was asked has passed; 1: something failed; 2: the machine could not tell, or
        nothing was asked."""
        counts = self.counts()
        if counts[Result.FAILED]:
            return 1
        return 2 if counts[Result.INCONCLUSIVE] or not counts[Result.PASSED] else 0

    def summary(self) -> str:
        """The counts in words."""
        words = [f"{count} {result}" for result, count in self.counts().items() if count]
        return ", ".join(words) or "nothing was asked"

    def table(self) -> Table:
        """One line for each question."""
        rows = [
            (row.factor, row.id, str(row.result), row.seen)
            for rows in self.factors().values()
            for row in rows
        ]
        return Table(("factor", "question", "result", "seen"), rows)

    def as_dict(self) -> dict[str, Any]:
        """The scorecard as plain data, for JSON: what docs/AUDIT.md calls all of it."""
        return {
            "target": self.target,
            "image": self.image,
            "summary": self.summary(),
            "exit_status": self.exit_status(),
            "seconds": round(self.seconds, 1),
            "counts": {str(result): count for result, count in self.counts().items()},
            "notes": list(self.notes),
            "questions": [row.as_dict() for rows in self.factors().values() for row in rows],
        }
