"""The audit of apps that no lesson made: it must say what `expected.toml` has, question by question."""

import json
import os
from pathlib import Path

import bases
import pytest
from forms import REVISION, Form, forms

from factorlab.audit import audit
from factorlab.audit.target import resolve
from factorlab.engine.images.course_images import IMAGES
from factorlab.lab import Lab

pytestmark = pytest.mark.engine
RECORD = os.environ.get("FACTORLAB_AUDIT_RECORD")
"""A folder: what was seen is written there, for the table in docs/AUDIT.md (see table.py)."""


@pytest.fixture(scope="module")
def python() -> str:
    return bases.python()


@pytest.fixture(scope="module")
def node(tmp_path_factory) -> str:
    return bases.node(tmp_path_factory.mktemp("node"))


ASKED = [form for form in forms() if os.environ.get("FACTORLAB_EVERY_TASK") or not form.later]


def asked(form: Form):
    marks = [pytest.mark.npm] if form.app == "express" else []
    if form.app == "wsgidav" and form.good:
        marks.append(pytest.mark.floor)
    return pytest.param(form, id=f"{form.app}-{form.name}", marks=marks)


@pytest.mark.parametrize("form", [asked(form) for form in ASKED])
def test_the_audit_says_what_was_written_down(form: Form, request, tmp_path):
    base = (
        IMAGES["python"].tag
        if form.app == "fastapi"
        else request.getfixturevalue("node" if form.app == "express" else "python")
    )
    target = resolve(str(form.write(tmp_path)), args={"BASE": base, "REVISION": REVISION})
    only = () if form.good else form.expected
    with Lab("audit") as lab:
        card = audit(lab, target.subject(lab), target=form.app, only=only)
    seen = {row.id: str(row.result) for row in card.rows}
    if RECORD:
        whole = {"seen": seen, "seconds": card.seconds, "card": card.as_dict()}
        Path(RECORD, f"{form.app}-{form.name}.json").write_text(json.dumps(whole))
    told = "\n".join(
        row.card().to_text() for row in card.rows if str(row.result) != form.expected[row.id]
    )
    undecided = [id for id, result in seen.items() if result == "inconclusive"]
    assert {**seen, **{id: form.expected[id] for id in undecided}} == form.expected, told
    assert len(undecided) <= len(seen) // 2, told
