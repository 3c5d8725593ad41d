"""The gradebook: one result, told as CSV, as JSON and as JUnit XML.

Rows are known by learner, exercise and task, never by a place in a notebook. There is no date and
no timing in them: the same submissions give the same bytes.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from factorlab.exercises.judging import Outcome
from factorlab.grading.batch import Graded
from factorlab.grading.records import Task, grader
from factorlab.grading.submission import exit_status
from factorlab.questions.spec import Spec

SCHEMA = 1
"""Of results.json; it grows by one whenever a program that reads it would have to change."""
COLUMNS = ("learner", "exercise", "task", "title", "points", "earned", "outcome")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Row:
    """One task of one learner. `earned` is None where nobody was graded: the machine was to
    blame, or the run was interrupted before."""

    learner: str
    exercise: str
    task: str
    title: str
    points: int
    earned: int | None
    outcome: str
    result: Task


@dataclass(frozen=True)
class Gradebook:
    """All submissions with their results, under the exercises that were graded."""

    graded: Sequence[Graded]
    specs: Sequence[Spec]
    complete: bool

    def rows(self, only: Graded | None = None) -> Iterator[Row]:
        """One row for each task: of everybody, or of one learner."""
        for one in self.graded if only is None else [only]:
            for spec in self.specs:
                results = {task["task"]: task for task in one.exercises.get(spec.id, ())}
                for task in spec.tasks:
                    result = results.get(task.id, {"outcome": "not graded"})
                    yield Row(
                        one.submission.learner,
                        spec.id,
                        task.id,
                        task.title,
                        task.points,
                        _earned(result["outcome"], task.points),
                        result["outcome"],
                        result,
                    )

    @property
    def points(self) -> int:
        """What one learner can earn."""
        return sum(spec.points for spec in self.specs)

    def earned(self, one: Graded) -> int:
        """What one learner has earned."""
        return sum(row.earned or 0 for row in self.rows(one))

    def csv(self) -> str:
        """A line for each row, for a spreadsheet: a name that it would take for a formula gets a
        quote in front."""
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(COLUMNS)
        for row in self.rows():
            earned = "" if row.earned is None else row.earned
            lines.writerow(
                (
                    _cell(row.learner),
                    row.exercise,
                    row.task,
                    row.title,
                    row.points,
                    earned,
                    row.outcome,
                )
            )
        return out.getvalue()

    def json(self) -> str:
        """The whole as JSON, in the form of docs/GRADING.md."""
        learners: list[dict[str, Any]] = []
        for one in self.graded:
            exercises: dict[str, dict[str, Any]] = {}
            for row in self.rows(one):
                tasks = exercises.setdefault(row.exercise, {})
                tasks[row.task] = {"outcome": row.outcome, "earned": row.earned}
            learners.append(
                {
                    "learner": one.submission.learner,
                    "earned": self.earned(one),
                    "files": list(one.submission.files),
                    "problems": list(one.submission.problems),
                    "exercises": exercises,
                }
            )
        exercises_told = {
            spec.id: [{"task": t.id, "title": t.title, "points": t.points} for t in spec.tasks]
            for spec in self.specs
        }
        whole = {
            "schema": SCHEMA,
            "grader": grader(),
            "complete": self.complete,
            "points": self.points,
            "exercises": exercises_told,
            "learners": learners,
        }
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def junit(self) -> str:
        """JUnit XML: a suite for each learner, a case for each task. `failed` and `untouched` are
        failures, `error` is an error, and who was not graded was skipped."""
        root = ET.Element("testsuites", name="factorlab grade")
        for one in self.graded:
            suite = ET.SubElement(root, "testsuite", name=_xml(one.submission.learner))
            counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
            for row in self.rows(one):
                counts["tests"] += 1
                if kind := _case(suite, row):
                    counts[{"failure": "failures", "error": "errors"}.get(kind, kind)] += 1
            suite.attrib.update({name: str(count) for name, count in counts.items()})
            for problem in one.submission.problems:
                ET.SubElement(suite, "system-err").text = _xml(problem)
        ET.indent(root)
        return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"

    def annotations(self, where: Callable[[str], str] = str) -> str:
        """A line for each task that is not passed, in the form that GitHub Actions shows beside
        the file; `where` makes its name one from the top of the repository."""
        lines = []
        for one in self.graded:
            for row in self.rows(one):
                if row.outcome != Outcome.PASSED:
                    kind = "warning" if row.earned is None else "error"
                    told = f"{row.outcome}: {row.result.get('seen', '')} Next: {row.result.get('next', '')}"
                    title = _property(f"{row.exercise} {row.title}")
                    origin = one.submission.origins.get(row.exercise, "")
                    file = f"file={_property(where(origin))}," if origin else ""
                    lines.append(f"::{kind} {file}title={title}::{_data(told)}\n")
        return "".join(lines)

    def exit_status(self) -> int:
        """0 when everybody has passed everything, 2 when somebody could not be graded because of
        the machine, otherwise 1."""
        return exit_status(row.outcome for row in self.rows())


def _earned(outcome: str, points: int) -> int | None:
    if outcome == Outcome.PASSED:
        return points
    return None if outcome in (Outcome.ENVIRONMENT, "not graded") else 0


def _case(suite: ET.Element, row: Row) -> str:
    """Add the case; returns the kind of its blemish, or nothing."""
    case = ET.SubElement(suite, "testcase", classname=row.exercise, name=row.task)
    properties = ET.SubElement(case, "properties")
    for name, value in (("points", row.points), ("earned", row.earned)):
        if value is not None:
            ET.SubElement(properties, "property", name=name, value=str(value))
    kinds = {
        Outcome.PASSED: "",
        Outcome.ERROR: "error",
        Outcome.FAILED: "failure",
        Outcome.UNTOUCHED: "failure",
    }
    kind = next((kinds[o] for o in kinds if o == row.outcome), "skipped")
    if kind:
        told = f"{row.outcome}: {row.result.get('seen', '')}"
        ET.SubElement(case, kind, message=_xml(told[:500])).text = _xml(row.result.get("next", ""))
    return kind


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _data(text: str) -> str:
    """Of a workflow command: no line end of a learner's can begin a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
