"""A scorecard in the form that CI systems read: JUnit XML, a test suite for each factor."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from factorlab.audit.questions import FACTORS
from factorlab.audit.scorecard import Result, Row, Scorecard
from factorlab.display.shown import printable

KINDS = {
    Result.FAILED: "failure",
    Result.INCONCLUSIVE: "error",
    Result.NOT_TESTED: "skipped",
    Result.SKIPPED: "skipped",
}


def junit(card: Scorecard) -> str:
    """The scorecard as JUnit XML. What is not tested is skipped there, with its reason."""
    root = ET.Element("testsuites", name=printable(f"factorlab audit {card.target}"))
    for factor, rows in card.factors().items():
        suite = ET.SubElement(root, "testsuite", name=f"{factor} {FACTORS[factor]}")
        suite.attrib.update(_counts(rows))
        for row in rows:
            _case(suite, row)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _counts(rows: Sequence[Row]) -> dict[str, str]:
    kinds = [KINDS.get(row.result) for row in rows]
    counts = {
        "tests": len(rows),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
    }
    return {name: str(count) for name, count in counts.items()}


def _case(suite: ET.Element, row: Row) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=row.factor, name=row.id, time=f"{row.seconds:.1f}"
    )
    if (kind := KINDS.get(row.result)) is None:
        return
    told = ET.SubElement(case, kind, message=printable(f"{row.title} {row.seen}"))
    lines = [
        ("Asked", row.question.how),
        ("Expected", row.expected),
        ("Seen", row.seen),
        ("Next", row.next),
    ]
    text = "\n".join([*(f"{label}: {line}" for label, line in lines if line), row.log])
    told.text = printable(text)
