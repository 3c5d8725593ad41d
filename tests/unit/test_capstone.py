"""OWN-1 is graded by the audit: its tasks and the audit's questions are the same checks."""

from factorlab.audit import QUESTIONS
from factorlab.audit.questions import FACTORS
from factorlab.checks.base import find
from factorlab.exercises.own_1 import SPEC

BESIDE = {"revision-is-known", "migrate-command-migrates"}
"""What an audit cannot ask: it has no say in how an image was built, and migrates at most once."""


def test_its_tasks_are_questions_of_the_audit():
    checks = {task.check for task in SPEC.tasks}
    assert checks - set(QUESTIONS) == BESIDE
    assert len(checks) == len(SPEC.tasks)


def test_it_is_asked_about_every_factor_that_an_audit_asks_about():
    """But least privilege: an answer never runs as root, whatever its Dockerfile says."""
    assert {find(task.check).factor for task in SPEC.tasks} == set(FACTORS) - {"S"}
