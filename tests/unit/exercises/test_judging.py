"""Who runs and has not answered on an overloaded machine is not graded; who has ended is, and
who cannot be started."""

import pytest
from fakes import FakeLab

from factorlab.errors import NotStarted
from factorlab.exercises import judging as module
from factorlab.exercises.judging import judge
from factorlab.questions.spec import spec


@pytest.mark.parametrize(
    ("how", "overloaded", "outcome"),
    [
        ({}, True, "environment"),
        ({}, False, "error"),
        ({"exit_code": 3}, True, "error"),
        ({"refused": True}, True, "error"),
    ],
)
def test_no_answer_is_told_from_no_time(monkeypatch, how, overloaded, outcome):
    def ask(*_):
        raise NotStarted("'answer' did not come up.", logs="last line", **how)

    lab = FakeLab(overloaded=overloaded)
    monkeypatch.setattr(module, "ask", ask)
    [result] = judge(spec("III-2"), {"app.py": "1"}, spec("III-2").tasks[:1], lab)
    assert result.outcome == outcome
    assert result.log == "last line"
