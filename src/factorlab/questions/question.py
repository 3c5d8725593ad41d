"""A check: a question about an app, how it is asked, and the verdict with its evidence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages
from threading import Event
from typing import Any, TypeVar, TypeVarTuple

from factorlab.display import Card, Table, working
from factorlab.engine.build.build import Build
from factorlab.errors import FactorLabError
from factorlab.lab import Lab
from factorlab.questions.contract import Contract
from factorlab.questions.once import Once

T = TypeVar("T")
Key = TypeVarTuple("Key")


class Outcome(StrEnum):
    """What a check found. `inconclusive` means that the machine, not the app, is the reason."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


def judged(good: bool) -> Outcome:
    """What a check found that the machine did not keep from finding out."""
    return Outcome.PASSED if good else Outcome.FAILED


@dataclass(frozen=True)
class Subject:
    """What is asked: an image, the contract it promised, and texts that must stay secret. One that
    is made from it with another image or contract shares nothing with it."""

    name: str
    image: Build
    contract: Contract
    secrets: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files of an answer as they were handed in, those included that its build ignores."""
    started: Event = field(default_factory=Event, init=False, repr=False, compare=False)
    """Set once it has answered with all that it was promised."""
    _once: Once = field(default_factory=Once, init=False, repr=False, compare=False)

    def once(self, experiment: Callable[[Lab, "Subject", *Key], T], lab: Lab, *key: *Key) -> T:
        """What an experiment finds that several questions share, or one question for each `key`:
        run at the first call, kept, the same object for all. Who asks meanwhile waits. An exception
        is raised and not kept."""
        name = experiment.__qualname__
        return self._once.get((experiment, *key), name, lambda: experiment(lab, self, *key))


@dataclass(frozen=True)
class Finding:
    """What one run of a check saw; `rows` under `columns` are the evidence."""

    outcome: Outcome
    expected: str
    seen: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    log: str = ""


@dataclass(frozen=True)
class Check:
    """One question: `id`, the factor it belongs to, the question in words, how it is asked, and
    what to look at when the answer is no."""

    id: str
    factor: str
    question: str
    how: str
    remedy: str
    run: Callable[[Lab, Subject], Finding] = field(repr=False)


@dataclass(frozen=True)
class Verdict:
    """A finding with its question."""

    check: Check
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
            title=self.check.question,
            outcome=str(self.outcome),
            lines=[
                ("Asked:", self.check.how),
                ("Expected:", self.finding.expected),
                ("Seen:", self.finding.seen),
                ("Next:", "" if self.passed else self.check.remedy),
            ],
            evidence=self.evidence(),
            log="" if self.passed else self.finding.log,
        )

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data, for JSON."""
        return {
            "check": self.check.id,
            "factor": self.check.factor,
            "question": self.check.question,
            "outcome": str(self.outcome),
            "asked": self.check.how,
            "expected": self.finding.expected,
            "seen": self.finding.seen,
            "evidence": [
                dict(zip(self.finding.columns, row, strict=True)) for row in self.finding.rows
            ],
            "log": self.finding.log,
            "next": "" if self.passed else self.check.remedy,
        }


_registry: dict[str, Check] = {}


def discover() -> None:
    """Import every module below `factorlab.factors`, which registers its questions."""
    package = import_module("factorlab.factors")
    for module in walk_packages(package.__path__, "factorlab.factors."):
        import_module(module.name)


def check(
    id: str, *, factor: str, question: str, how: str, remedy: str
) -> Callable[[Callable[[Lab, Subject], Finding]], Check]:
    """Register a function as the check `id`."""

    def register(run: Callable[[Lab, Subject], Finding]) -> Check:
        _registry[id] = Check(id, factor, question, how, remedy, run)
        return _registry[id]

    return register


def find(id: str) -> Check:
    """The check with this id. Raises FactorLabError naming those that exist."""
    discover()
    if id not in _registry:
        raise FactorLabError(
            f"There is no check '{id}'.", next=f"choose one of: {', '.join(sorted(_registry))}."
        )
    return _registry[id]


def ask(id: str, lab: Lab, subject: Subject) -> Verdict:
    """Ask one check of one subject. Raises NotStarted when the app does not come up even with
    everything it was promised, NotReady when the machine is to blame."""
    found = find(id)
    with working(found.question):
        return Verdict(found, subject.name, found.run(lab, subject))
