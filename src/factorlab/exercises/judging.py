"""Judging an answer: build it, ask each task's check from outside, tell the five outcomes apart."""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from factorlab.display import Card, working
from factorlab.engine.build.context import check_files
from factorlab.errors import FactorLabError, NotReady, NotStarted, Refused
from factorlab.exercises.answer_files import untouched
from factorlab.lab import Lab
from factorlab.questions import Outcome as Found
from factorlab.questions import Subject, Verdict, ask, find
from factorlab.questions.spec import Spec, Task

LEFT_BEHIND = ".env"
"""The file that lies in a developer's folder and must not get into the image."""

DOCKERFILE = """\
FROM factorlab/python:3.11
COPY app.py .
CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
"""
"""For exercises whose answer has no Dockerfile of its own."""


class Outcome(StrEnum):
    """The five outcomes of a task, never mixed up."""

    PASSED = "passed"
    FAILED = "failed"
    UNTOUCHED = "untouched"
    ERROR = "error"
    ENVIRONMENT = "environment"


@dataclass(frozen=True)
class Result:
    """The outcome of one task, with the verdict of its check where one was formed."""

    exercise: str
    task: Task
    outcome: Outcome
    verdict: Verdict | None = None
    what: str = ""
    log: str = ""
    next: str = ""

    @property
    def earned(self) -> int:
        """The points it earns: all or none."""
        return self.task.points if self.outcome is Outcome.PASSED else 0

    def card(self) -> Card:
        """The result as it is displayed."""
        title = f"{self.exercise} · {self.task.title}"
        if self.verdict is not None:
            card = self.verdict.card()
            return Card(
                title,
                str(self.outcome),
                [("Question:", self.verdict.question.text), *card.lines],
                card.evidence,
                card.log,
            )
        question = find(self.task.question)
        lines = [("Question:", question.text), ("Seen:", self.what), ("Next:", self.next)]
        return Card(title, str(self.outcome), lines, log=self.log)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data, for JSON."""
        base = {
            "task": self.task.id,
            "title": self.task.title,
            "outcome": str(self.outcome),
            "points": self.task.points,
            "earned": self.earned,
        }
        if self.verdict is not None:
            return {**base, **self.verdict.as_dict(), "outcome": str(self.outcome)}
        return {**base, "seen": self.what, "log": self.log, "next": self.next}


def judge(
    spec: Spec,
    files: Mapping[str, str],
    tasks: Sequence[Task] | None = None,
    lab: Lab | None = None,
) -> list[Result]:
    """Judge an answer's files: one result for each task, in order.

    `lab` is used and left cleared when given; otherwise one is made and removed. Nothing is
    raised for what an answer or the machine does: both are outcomes.
    """
    chosen = tuple(tasks or spec.tasks)
    full = {**spec.starter, **files}
    if untouched(files, spec.starter):
        return [_untouched(spec, task) for task in chosen]
    try:
        with nullcontext(lab) if lab else Lab(f"exercise-{spec.id}", untrusted=True) as place:
            try:
                return _judge_in(place, spec, full, chosen)
            finally:
                place.clear()
    except NotReady as error:
        return [_environment(spec, task, error) for task in chosen]


def _judge_in(
    lab: Lab, spec: Spec, files: Mapping[str, str], tasks: Sequence[Task]
) -> list[Result]:
    canary = f"canary-{secrets.token_hex(12)}"
    if "RUN" in spec.policy.more:
        lab.index(spec.packages)
    try:
        context = _context(files, canary)
        image = lab.build("answer", context, policy=spec.policy)
    except (Refused, NotStarted) as error:
        return [_error(spec, task, error) for task in tasks]
    subject = Subject("answer", image, spec.contract, (canary, *spec.secrets), context)
    results = []
    with working(spec.id, of=len(tasks)) as bar:
        for number, task in enumerate(tasks, 1):
            bar(f"task {number} of {len(tasks)}", done=number - 1)
            results.append(_ask(lab, spec, task, subject))
    return results


def _context(files: Mapping[str, str], canary: str) -> dict[str, bytes]:
    """The build context: the answer's files, and the .env of whoever builds it beside them."""
    context = {"Dockerfile": DOCKERFILE, **files}
    context[LEFT_BEHIND] = f"{context.get(LEFT_BEHIND, '')}\nDATABASE_PASSWORD={canary}\n"
    encoded = {name: text.encode() for name, text in context.items()}
    check_files(encoded)
    return encoded


def _ask(lab: Lab, spec: Spec, task: Task, subject: Subject) -> Result:
    try:
        verdict = ask(task.question, lab, subject)
    except NotStarted as error:
        if error.pending and lab.probe.overloaded():
            return _environment(spec, task, _overloaded(error))
        given = "" if error.refused else " All variables of the exercise were set."
        return _error(spec, task, error, given)
    except Refused as error:
        return _error(spec, task, error)
    except NotReady as error:
        return _environment(spec, task, error)
    except FactorLabError as error:  # what the answer did to its database, say
        return Result(spec.id, task, Outcome.ERROR, what=error.what, log=error.why, next=error.next)
    outcomes = {
        Found.PASSED: Outcome.PASSED,
        Found.FAILED: Outcome.FAILED,
        Found.INCONCLUSIVE: Outcome.ENVIRONMENT,
    }
    return Result(spec.id, task, outcomes[verdict.outcome], verdict)


def _overloaded(error: NotStarted) -> NotReady:
    return NotReady(
        "Your app runs and has not answered yet, and this machine is overloaded: programs queue "
        "for its cores.",
        why=error.logs,
        next="end other work on this machine, then check again.",
    )


def _error(spec: Spec, task: Task, error: Refused | NotStarted, more: str = "") -> Result:
    """An answer that does not build or start, told to its author: they know no container's name,
    and on a card the log stands below the words."""
    what = re.sub(r"'answer(-\d+)?'", "your app", error.what)
    next = error.next
    if spec.contract.of_kind("port"):  # another one in each deploy: not to be written into the code
        next = re.sub(r"0\.0\.0\.0:\d+", "0.0.0.0 and the port that its variable gives", next)
    if isinstance(error, Refused) and error.why:
        next = f"{error.why} {next[:1].upper()}{next[1:]}".strip()
    if isinstance(error, NotStarted) and error.exit_code is not None:
        next = "read its last lines, below: they say what went wrong. Mend that, then check again."
    return Result(
        spec.id,
        task,
        Outcome.ERROR,
        what=what[:1].upper() + what[1:] + more,
        log=getattr(error, "logs", ""),
        next=next.replace(" above", " below"),
    )


def _untouched(spec: Spec, task: Task) -> Result:
    return Result(
        spec.id,
        task,
        Outcome.UNTOUCHED,
        what="the answer is still the starter as it came.",
        next="change a file of the answer and save it (in a notebook: change its %%answer cell "
        "and run it), then check again.",
    )


def _environment(spec: Spec, task: Task, error: NotReady) -> Result:
    return Result(
        spec.id,
        task,
        Outcome.ENVIRONMENT,
        what=f"{error.what} Your answer is not to blame, and nothing was graded.",
        next=error.next,
        log=error.why,
    )
