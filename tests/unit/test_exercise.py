"""Hint, solution and reset: what a learner has in hand beside the checks."""

import pytest

from factorlab import Exercise
from factorlab.errors import FactorLabError
from factorlab.exercises import answers, progress
from factorlab.exercises.exercise import NotSolved
from factorlab.exercises.spec import spec


@pytest.fixture
def exercise(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    return Exercise("III-1")


def test_hints_come_one_by_one_and_say_how_many_are_left(exercise, capsys):
    count = len(spec("III-1").hints)
    for number in range(1, count + 1):
        exercise.hint()
        shown = capsys.readouterr().out
        assert f"Hint {number} of {count}" in shown
        assert (f"{count - number} more" if number < count else "the last one") in shown
    exercise.hint()
    assert f"Hint {count} of {count}" in capsys.readouterr().out


def test_the_solution_is_a_deliberate_step_before_all_tasks_are_passed(exercise, capsys):
    with pytest.raises(FactorLabError, match="Not all tasks"):
        exercise.solution()
    exercise.solution(show=True)
    assert "%%answer III-1/app.py" in capsys.readouterr().out


def test_the_solution_opens_after_a_pass(exercise, capsys):
    progress.record("III-1", dict.fromkeys(exercise.tasks, "passed"))
    exercise.solution()
    assert 'os.environ["PORT"]' in capsys.readouterr().out


def test_reset_asks_first(exercise):
    answers.save("III-1", "app.py", "mine")
    with pytest.raises(FactorLabError, match="replaces your files"):
        exercise.reset()
    assert answers.load("III-1")["app.py"] == "mine\n"


def test_reset_brings_the_starter_back_and_keeps_a_copy(exercise, tmp_path):
    answers.save("III-1", "app.py", "mine")
    exercise.reset(sure=True)
    assert answers.load("III-1") == answers.starter("III-1")
    copies = list((tmp_path / "III-1" / ".copies").rglob("app.py"))
    assert [copy.read_text() for copy in copies] == ["mine\n"]


def test_an_untouched_answer_needs_no_engine_and_is_not_called_wrong(exercise, capsys, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    with pytest.raises(NotSolved, match="untouched"):
        exercise.check("one-image-two-databases")
    shown = capsys.readouterr().out
    assert "still the starter" in shown
    assert "failed" not in shown


def test_a_task_that_does_not_exist_is_named_with_those_that_do(exercise):
    with pytest.raises(FactorLabError, match="no task 'nope'") as error:
        exercise.check("nope")
    assert "one-image-two-databases" in str(error.value)
