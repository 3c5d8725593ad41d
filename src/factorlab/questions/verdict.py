"""A finding with its question, as a card and as plain data; and asking."""

from dataclasses import dataclass
from typing import Any

from factorlab.display import Card, Table, working
from factorlab.lab import Lab
from factorlab.questions.finding import Finding, Outcome
from factorlab.questions.question import Question, find
from factorlab.questions.subject import Subject


@dataclass(frozen=True)
class Verdict:
    """A finding with its question."""

    question: Question
    subject: str
    finding: Finding

    @property
    def outcome(self) -> Outcome:
        return self.finding.outcome

    @property
    def passed(self) -> bool:
        return self.finding.outcome is Outcome.PASSED

    def evidence(self) -> Table | None:
        """The evidence as a table, if there is any."""
        rows = self.finding.rows
        return Table(self.finding.columns, rows) if rows else None

    def card(self) -> Card:
        """The verdict as it is displayed."""
        return Card(
            title=self.question.text,
            outcome=str(self.outcome),
            lines=[
                ("Asked:", self.question.how),
                ("Expected:", self.finding.expected),
                ("Seen:", self.finding.seen),
                ("Next:", "" if self.passed else self.question.remedy),
            ],
            evidence=self.evidence(),
            log="" if self.passed else self.finding.log,
        )

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data, for JSON."""
        return {
            "check": self.question.id,
            "factor": self.question.factor,
            "question": self.question.text,
            "outcome": str(self.outcome),
            "asked": self.question.how,
            "expected": self.finding.expected,
            "seen": self.finding.seen,
            "evidence": [
                dict(zip(self.finding.columns, row, strict=True)) for row in self.finding.rows
            ],
            "log": self.finding.log,
            "next": "" if self.passed else self.question.remedy,
        }


def ask(id: str, lab: Lab, subject: Subject) -> Verdict:
    """Ask one question of one subject. Raises NotStarted when the app does not come up even with
    everything it was promised, NotReady when the machine is to blame, and FactorLabError for an id
    that does not exist."""
    question = find(id)
    with working(question.text):
        return Verdict(question, subject.name, question.run(lab, subject))
