"""OWN-1 is graded by the audit: its tasks and the audit's questions are the same checks."""

from factorlab.audit import asked
from factorlab.audit.questions import FACTORS
from factorlab.factors.your_own_app.exercises import OWN_1
from factorlab.questions.question import find

BESIDE = {"revision-is-known", "migrate-command-migrates"}
"""What an audit cannot ask: it has no say in how an image was built, and migrates at most once."""


def test_its_tasks_are_questions_of_the_audit():
    checks = {task.question for task in OWN_1.tasks}
    assert checks - set(asked()) == BESIDE
    assert len(checks) == len(OWN_1.tasks)


def test_it_is_asked_about_every_factor_that_an_audit_asks_about():
    """But least privilege: an answer never runs as root, whatever its Dockerfile says."""
    assert {find(task.question).factor for task in OWN_1.tasks} == set(FACTORS) - {"S"}
