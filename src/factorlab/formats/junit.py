"""JUnit XML, the form that CI systems read: suites of cases, each with what is wrong with it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}
"""What can be wrong with a case, and the attribute in which its suite counts it."""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Problem:
    """Why a case is not passed: the `message` is one line, the `text` all that is known."""

    kind: Literal["failure", "error", "skipped"]
    message: str
    text: str = ""


@dataclass(frozen=True)
class Case:
    """One case, passed unless it has a `problem`; `group` is what JUnit calls the class."""

    group: str
    name: str
    problem: Problem | None = None
    seconds: float | None = None
    properties: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """Cases under one name, and remarks on all of them, which become its standard error."""

    name: str
    cases: Sequence[Case]
    remarks: Sequence[str] = ()


def junit(name: str, suites: Sequence[Suite]) -> str:
    """The suites as a JUnit file in UTF-8, with one line end at its end. Any text may stand in
    them: a character that XML cannot hold is replaced."""
    root = ET.Element("testsuites", name=_clean(name))
    for suite in suites:
        _add_suite(root, suite)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _add_suite(root: ET.Element, suite: Suite) -> None:
    kinds: list[str] = [case.problem.kind for case in suite.cases if case.problem]
    counts = {attribute: kinds.count(kind) for kind, attribute in COUNTED.items()}
    attributes = {"tests": len(suite.cases), **counts}
    element = ET.SubElement(root, "testsuite", name=_clean(suite.name))
    element.attrib.update({name: str(count) for name, count in attributes.items()})
    for case in suite.cases:
        _add_case(element, case)
    for remark in suite.remarks:
        ET.SubElement(element, "system-err").text = _clean(remark)


def _add_case(suite: ET.Element, case: Case) -> None:
    element = ET.SubElement(suite, "testcase", classname=_clean(case.group), name=_clean(case.name))
    if case.seconds is not None:
        element.set("time", f"{case.seconds:.1f}")
    if case.properties:
        properties = ET.SubElement(element, "properties")
        for name, value in case.properties.items():
            ET.SubElement(properties, "property", name=_clean(name), value=_clean(str(value)))
    if problem := case.problem:
        found = ET.SubElement(element, problem.kind, message=_clean(problem.message))
        found.text = _clean(problem.text)


def _clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
