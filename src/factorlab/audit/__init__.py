"""The audit: the course's questions, asked of any image, by the course's own checks."""

from factorlab.audit.questions import asked
from factorlab.audit.run import audit
from factorlab.audit.scorecard import Result, Row, Scorecard

__all__ = ["Result", "Row", "Scorecard", "asked", "audit"]
