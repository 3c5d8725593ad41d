"""Without an engine everything says so in plain words, and nothing is graded."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from factorlab import cli, course
from factorlab.engine import connection

NOWHERE = "tcp://127.0.0.1:1"


def run(*words: str, host: str = NOWHERE, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "DOCKER_HOST": host, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@dataclass
class Done:
    """What a command ended with when it was called in this process."""

    returncode: int | str | None
    stdout: str
    stderr: str


@pytest.fixture
def command(monkeypatch, capsys):
    """Request a `factorlab` command here, with no engine at the address: quicker than a process."""

    def call(*words: str, host: str = NOWHERE) -> Done:
        monkeypatch.setenv("DOCKER_HOST", host)
        monkeypatch.setattr(connection, "_client", None)
        with pytest.raises(SystemExit) as ended:
            cli.main(list(words))
        return Done(ended.value.code or 0, *capsys.readouterr())

    return call


def plain(done: subprocess.CompletedProcess[str] | Done) -> str:
    """All that was said, which is never a traceback."""
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert 'File "' not in said
    return said


@pytest.fixture
def changed(tmp_path):
    for name, text in course.starter("III-1").items():
        (tmp_path / name).write_text(text + "# changed\n")
    return tmp_path


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        (NOWHERE, "connection refused"),
        ("unix:///nowhere/docker.sock", "nothing listens there"),
        ("nonsense://x", "nonsense://x"),
        ("tcp://no-such-host.invalid:2375", "no-such-host.invalid"),
    ],
)
def test_doctor_names_the_address_and_ends_with_2(command, host, reason):
    done = command("doctor", host=host)
    assert done.returncode == 2
    said = plain(done)
    assert "No container engine answers." in said
    assert host in said and reason in said
    assert "unset DOCKER_HOST" in said
    assert "The course cannot run here yet." in said


def test_doctor_as_a_program():
    done = run("-m", "factorlab", "doctor")
    assert done.returncode == 2
    assert NOWHERE in plain(done)


def test_a_changed_answer_is_not_graded(changed):
    done = run("-m", "factorlab", "check", "III-1", "--answers", str(changed), "--json")
    assert done.returncode == 2
    plain(done)
    report = json.loads(done.stdout)
    assert report["earned"] == 0
    tasks = report["exercises"]["III-1"]
    assert {task["outcome"] for task in tasks} == {"environment"}
    assert all("not to blame" in task["seen"] for task in tasks)
    assert all(NOWHERE in task["log"] for task in tasks)


def test_an_untouched_answer_needs_no_engine(command, tmp_path):
    for name, text in course.starter("III-1").items():
        (tmp_path / name).write_text(text)
    done = command("check", "III-1", "--answers", str(tmp_path), "--json")
    assert done.returncode == 1
    plain(done)
    tasks = json.loads(done.stdout)["exercises"]["III-1"]
    assert {task["outcome"] for task in tasks} == {"untouched"}


def test_verdicts_are_told_also_when_progress_cannot_be_kept(command, tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path / "work"))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "progress").write_text("a file where the folder should be")
    done = command("check", "III-1")
    assert done.returncode == 1
    said = plain(done)
    assert "0 of " in done.stdout and "untouched" in done.stdout
    assert "III-1.json could not be written" in said


@pytest.mark.parametrize("words", [["images", "list"], ["images", "build"], ["clean"]])
def test_commands_that_need_an_engine_end_with_2_and_the_address(command, words):
    done = command(*words)
    assert done.returncode == 2
    assert NOWHERE in plain(done)


def test_the_list_of_lessons_needs_no_engine(command):
    done = command("list")
    assert done.returncode == 0
    assert "01-config" in plain(done)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "IX-9"], "There is no exercise 'IX-9'."),
        (["check", "../III-1"], "There is no exercise '../III-1'."),
        (["check", "missing.ipynb"], "missing.ipynb cannot be read as a notebook."),
        (["check", "III-1", "--answers", "/nowhere"], "/nowhere is not a folder."),
        (["reset", "IX-9", "--yes"], "There is no exercise 'IX-9'."),
        (["watch", "IX-9"], "There is no exercise 'IX-9'."),
        (["watch", "III-1", "--answers", "/dev/null/x"], "could not be written"),
        (["hint", "IX-9"], "There is no exercise 'IX-9'."),
        (["solution", "IX-9"], "There is no exercise 'IX-9'."),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_a_wrong_word_is_answered_in_plain_words(command, words, said):
    done = command(*words)
    assert done.returncode not in (0, 3)
    assert said in plain(done)


def test_a_course_that_is_not_there_is_said(tmp_path):
    done = run("-m", "factorlab", "list", FACTORLAB_ROOT=str(tmp_path))
    assert done.returncode == 1
    assert "The files of the course were not found." in plain(done)


def test_a_broken_notebook_is_said(command, tmp_path):
    (tmp_path / "x.ipynb").write_text('{"cells": null}')
    done = command("check", str(tmp_path / "x.ipynb"))
    assert done.returncode == 1
    assert "x.ipynb cannot be read as a notebook." in plain(done)


def test_a_notebook_without_answers_is_said(command, tmp_path):
    (tmp_path / "x.ipynb").write_text('{"cells": []}')
    done = command("check", str(tmp_path / "x.ipynb"))
    assert done.returncode == 1
    assert "x.ipynb holds no answers." in plain(done)


CELLS = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
for cell in {cells!r}:
    print("IN", cell.splitlines()[0])
    shell.run_cell(cell, store_history=True)
"""


def cells(*texts: str) -> str:
    return plain(run("-c", CELLS.format(cells=list(texts))))


def test_in_a_notebook_a_lab_says_in_a_few_lines_that_no_engine_answers():
    said = cells("from factorlab import Lab", "lab = Lab('01-config')")
    assert "No container engine answers." in said
    assert f"- {NOWHERE}: connection refused" in said
    assert "Next: start that engine" in said
    assert "site-packages" not in said
    assert len(said.splitlines()) < 12


def test_in_a_notebook_a_check_blames_the_machine_and_shows_no_frames():
    said = cells(
        "from factorlab import Exercise\nsettings = Exercise('III-1')",
        "%%answer III-1/app.py\nprint('mine')",
        "settings.check('one-image-two-databases')",
    )
    assert "Saved III-1/app.py (1 line)." in said
    assert "environment" in said
    assert "not to blame" in said
    assert "site-packages" not in said and "raise " not in said


def test_in_a_notebook_a_wrong_word_is_answered_in_two_lines():
    said = cells("from factorlab import Lab", "Lab('99-nothing')")
    assert "There is no lesson '99-nothing'." in said
    assert "Next: choose one of: 00-start-here" in said
    assert len(said.splitlines()) < 7


def test_setup_does_not_run_its_command_without_an_engine(command, tmp_path):
    mark = tmp_path / "ran"
    done = command("setup", "--", "touch", str(mark))
    assert done.returncode == 2
    assert "No container engine answers" in plain(done)
    assert not mark.exists()
