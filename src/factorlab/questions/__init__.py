"""The questions of the course: asked of a running app, from outside, answered with evidence.

The same checks serve a lesson, an exercise and the audit.
"""

from factorlab.questions.contract import Contract, Request, Variable
from factorlab.questions.question import Check, Finding, Outcome, Subject, Verdict, ask, find

__all__ = [
    "Check",
    "Contract",
    "Finding",
    "Outcome",
    "Request",
    "Subject",
    "Variable",
    "Verdict",
    "ask",
    "find",
]
