"""Ctrl-C in the middle of a class: what was done is kept, nothing is left, the next run goes on."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from adversaries import BASE, EXERCISE, TASKS
from on_engine import count, left, owner_of, until

from factorlab.engine.cleanup import labels

pytestmark = pytest.mark.engine

BEGUN_SECONDS, GONE_SECONDS, WHOLE_SECONDS = 180, 60, 600
APP = f"{labels.ROLE}=app"
CLASS = {
    "ada": f"{BASE}# mine\n",
    "ben": "raise SystemExit('no config')\n",
    "cleo": "import nothing_of_that_name\n",
}
LATE = {"eve": BASE}


class Desk:
    """A folder of submissions, and the command that grades it."""

    def __init__(self, place: Path) -> None:
        self.inbox, self.out = place / "in", place / "out"

    def hand_in(self, texts: dict[str, str]) -> None:
        for learner, text in texts.items():
            folder = self.inbox / learner / EXERCISE
            folder.mkdir(parents=True)
            (folder / "app.py").write_text(text)

    def begin(self, *more: str) -> "subprocess.Popen[str]":
        command = [
            sys.executable,
            "-m",
            "factorlab",
            "grade",
            str(self.inbox),
            "--out",
            str(self.out),
            "--exercises",
            EXERCISE,
            "--jobs",
            "1",
            *more,
        ]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *more: str) -> int:
        """Grade to the end; how many answers were judged."""
        process = self.begin(*more)
        said, trouble = process.communicate(timeout=WHOLE_SECONDS)
        assert process.returncode == 1, said + trouble
        return int(re.search(r"(\d+) of \d+ answers judged now", said)[1])

    def records(self) -> dict[str, tuple[bytes, int]]:
        return {
            path.parent.name: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in self.out.glob(f"records/*/{EXERCISE}.json")
        }

    def outcomes(self) -> dict[str, list[str]]:
        told = json.loads((self.out / "results.json").read_text())["learners"]
        return {
            one["learner"]: [one["exercises"][EXERCISE][task]["outcome"] for task in TASKS]
            for one in told
        }

    def written(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in self.out.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.hand_in(CLASS)
    return desk


@pytest.fixture(scope="module")
def interrupted(desk):
    """Interrupted once one answer is done and the next is in its container: (status, what it
    said, what is left of it, the records)."""
    process = desk.begin()
    owner = owner_of(process)
    assert until(lambda: desk.records() and count(owner, APP), BEGUN_SECONDS)
    process.send_signal(signal.SIGINT)
    said = "".join(process.communicate(timeout=GONE_SECONDS))
    until(lambda: not left(owner), GONE_SECONDS)
    return process.returncode, said, left(owner), desk.records(), desk.outcomes()


def test_it_says_so_keeps_what_was_done_and_leaves_nothing(interrupted):
    status, said, left_of_it, records, outcomes = interrupted
    assert status == 130
    assert "Interrupted: what was done is kept" in said and "Traceback" not in said
    assert left_of_it == []
    assert "ada" in records and len(records) < len(CLASS)
    for learner in CLASS:
        assert (outcomes[learner] == ["not graded"] * len(TASKS)) == (learner not in records)


def test_the_next_run_goes_on_with_the_rest_and_with_who_is_late(desk, interrupted):
    *_, before, _ = interrupted
    desk.hand_in(LATE)
    assert desk.run() == len({**CLASS, **LATE}) - len(before)
    assert {name: desk.records()[name] for name in before} == before
    assert desk.outcomes() == {
        "ada": ["passed", "failed", "failed"],
        "ben": ["error"] * 3,
        "cleo": ["error"] * 3,
        "eve": ["untouched"] * 3,
    }
    assert json.loads((desk.out / "results.json").read_text())["complete"] is True


def test_a_run_after_that_judges_nothing_and_changes_no_byte(desk, interrupted):
    before = desk.written()
    assert desk.run() == 0
    assert desk.written() == before


def test_judged_again_no_byte_changes_either(desk, interrupted):
    before = desk.written()
    assert desk.run("--again") == len({**CLASS, **LATE})
    assert desk.written() == before
