"""The questions of the course: asked of a running app, from outside, answered with evidence.

The same checks serve a lesson, an exercise and the audit.
"""

from factorlab.lab import Request
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.finding import Finding, Outcome
from factorlab.questions.question import Question, find
from factorlab.questions.subject import Subject
from factorlab.questions.verdict import Verdict, ask

__all__ = [
    "Contract",
    "Finding",
    "Outcome",
    "Question",
    "Request",
    "Subject",
    "Variable",
    "Verdict",
    "ask",
    "find",
]
