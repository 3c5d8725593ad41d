"""Hint, solution and reset: what a learner has in hand beside the checks."""

import html
import re

import pytest
from click.testing import CliRunner

from factorlab import Exercise, course
from factorlab.cli import cli
from factorlab.display import front
from factorlab.errors import FactorLabError
from factorlab.exercises import answer_files, hints, progress, starter
from factorlab.exercises.exercise import NotSolved
from factorlab.questions.spec import spec


@pytest.fixture
def exercise(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path))
    return Exercise("III-1")


def command(*words: str, typed: str | None = None, status: int = 0) -> str:
    """What a `factorlab` command says, its error included."""
    done = CliRunner().invoke(cli, words, input=typed)
    assert done.exit_code == status
    return done.output + str(done.exception or "")


def test_hints_come_one_by_one_and_say_how_many_are_left(exercise, capsys):
    count = len(spec("III-1").hints)
    for number in range(1, count + 1):
        exercise.hint()
        shown = capsys.readouterr().out
        assert f"Hint {number} of {count}" in shown
        left = count - number
        words = f"{left} hint{'s are' if left > 1 else ' is'} left" if left else "the last hint"
        assert words in shown
    exercise.hint()
    shown = capsys.readouterr().out
    assert f"Hint {count} of {count}" in shown
    assert "solution(show=True)" in shown


def test_a_hint_is_framed_and_its_html_says_what_its_text_says():
    note = hints.take(spec("III-1")).note("run hint()", "solution()")
    plain = html.unescape(re.sub(r"<[^>]*>", " ", note.to_html()))
    assert plain.split() == note.to_text().split()
    assert "border:1px solid" in note.to_html()


def test_hints_are_the_same_ladder_in_the_notebook_and_at_the_command_line(exercise, capsys):
    exercise.hint()
    said = command("hint", "III-1")
    assert "Hint 2 of 4" in said
    assert "2 hints are left: factorlab hint III-1." in said


def test_the_solution_is_a_deliberate_step_before_all_tasks_are_passed(exercise, capsys):
    with pytest.raises(FactorLabError, match="Not all tasks"):
        exercise.solution()
    exercise.solution(show=True)
    assert "%%answer III-1/app.py" in capsys.readouterr().out


def test_the_solution_opens_after_a_pass(exercise, capsys):
    progress.record("III-1", dict.fromkeys(exercise.tasks, "passed"))
    exercise.solution()
    assert 'os.environ["PORT"]' in capsys.readouterr().out


def test_the_solution_at_the_command_line_is_the_same_deliberate_step(exercise):
    assert "factorlab solution III-1 --show" in command("solution", "III-1", status=1)
    assert 'os.environ["PORT"]' in command("solution", "III-1", "--show")
    progress.record("III-1", dict.fromkeys(exercise.tasks, "passed"))
    assert 'os.environ["PORT"]' in command("solution", "III-1")


def test_reset_does_nothing_and_does_not_wait_where_nobody_can_be_asked(exercise):
    answer_files.save("III-1", "app.py", "mine")
    with pytest.raises(FactorLabError, match="replaces your files"):
        exercise.reset()
    assert answer_files.load("III-1")["app.py"] == "mine\n"


@pytest.mark.parametrize(
    ("answer", "kept"), [("", True), ("n", True), ("what", True), ("y", False)]
)
def test_reset_asks_where_somebody_can_answer(exercise, monkeypatch, answer, kept):
    answer_files.save("III-1", "app.py", "mine")
    monkeypatch.setattr(front, "attended", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: answer)
    exercise.reset()
    assert (answer_files.load("III-1")["app.py"] == "mine\n") == kept


@pytest.mark.parametrize(("typed", "kept"), [("\n", True), ("y\n", False)])
def test_reset_at_the_command_line_asks_too(exercise, tmp_path, typed, kept):
    answer_files.save("III-1", "app.py", "mine")
    said = command("reset", "III-1", typed=typed)
    assert "A copy is kept. [y/N]" in said
    assert ("Nothing was changed." if kept else str(tmp_path / "III-1" / ".copies")) in said
    assert (answer_files.load("III-1")["app.py"] == "mine\n") == kept


def test_reset_brings_the_starter_back_and_keeps_a_copy(exercise, tmp_path):
    answer_files.save("III-1", "app.py", "mine")
    exercise.reset(sure=True)
    assert answer_files.load("III-1") == course.starter("III-1")
    copies = list((tmp_path / "III-1" / ".copies").rglob("app.py"))
    assert [copy.read_text() for copy in copies] == ["mine\n"]


def test_two_resets_within_a_second_keep_both_and_a_file_that_is_no_text_is_kept_whole(exercise):
    answer_files.save("III-1", "app.py", "mine")
    (answer_files.folder("III-1") / "cafe.bin").write_bytes(b"\xff\x00")
    first = starter.bring_back("III-1").kept
    second = starter.bring_back("III-1").kept
    assert (first / "app.py").read_text() == "mine\n"
    assert (first / "cafe.bin").read_bytes() == b"\xff\x00"
    assert (second / "app.py").read_text() == course.starter("III-1")["app.py"]


def test_a_reset_of_nothing_lays_the_starter_out(exercise):
    assert starter.bring_back("III-1").kept is None
    assert answer_files.read_folder(answer_files.folder("III-1")) == course.starter("III-1")


def test_reset_forgets_hints_and_passes(exercise):
    exercise.hint()
    progress.record("III-1", dict.fromkeys(exercise.tasks, "passed"))
    exercise.reset(sure=True)
    assert progress.read("III-1") == progress.Progress()


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


def test_a_check_of_ones_own_files_at_the_command_line_is_progress(exercise, tmp_path):
    command("check", "III-1", status=1)
    assert set(progress.read("III-1").outcomes.values()) == {"untouched"}


def test_a_check_of_somebody_elses_files_is_not(exercise, tmp_path):
    (tmp_path / "theirs").mkdir()
    command("check", "III-1", "--answers", str(tmp_path / "theirs"), status=1)
    notebook = tmp_path / "theirs.ipynb"
    notebook.write_text(course.lesson("III").exercise_notebook.read_text())
    command("check", str(notebook), status=1)
    assert progress.read("III-1").outcomes == {}
    command("check", str(course.lesson("III").exercise_notebook), status=1)
    assert progress.read("III-1").outcomes != {}
