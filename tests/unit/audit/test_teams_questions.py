"""A team's own question in the audit, where its declaration is at odds with the report."""

from dataclasses import replace

import pytest

from factorlab.audit import questions
from factorlab.errors import FactorLabError
from factorlab.questions.question import find


def test_a_factor_that_no_audit_reports_on_is_refused_in_plain_words(monkeypatch):
    odd = replace(find("honors-port"), id="team-scales", factor="VIII")
    monkeypatch.setattr(questions, "audited", lambda: {odd.id: odd})
    with pytest.raises(FactorLabError, match="'team-scales' is of factor 'VIII'") as error:
        questions.asked.__wrapped__()
    assert "VII, IX" in error.value.next
