"""`factorlab watch`: the verdict follows the file, and Ctrl-C leaves nothing behind."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from answers.key import files
from on_engine import count, owner_of, until

from factorlab import course
from factorlab.engine.cleanup import labels
from factorlab.exercises import progress
from factorlab.exercises.exercise import solution_files
from factorlab.questions.spec import spec

pytestmark = pytest.mark.engine

VERDICT_SECONDS = 120
GONE_SECONDS = 15
TASKS = len(spec("III-2").tasks)
WRONG = files("III-2/wrong-one-connection")["app.py"]


class Watch:
    """A `factorlab watch` of somebody who reads what it says."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "factorlab", "watch", "III-2", "--answers", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "FACTORLAB_WORK": str(work)},
        )
        self.owner = owner_of(self.process)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._lines.put(line)

    def round(self) -> str:
        """What is said until the next verdict is complete."""
        said = ""
        while not re.search(r"\d of \d tasks passed", said):
            said += self._lines.get(timeout=VERDICT_SECONDS)
        return said


@pytest.fixture
def watch(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path / "work"))
    watch = Watch(tmp_path / "answer", tmp_path / "work")
    yield watch
    watch.process.kill()
    watch.process.communicate()


def test_the_verdict_follows_the_file_and_ctrl_c_leaves_nothing(watch, tmp_path):
    path = tmp_path / "answer" / "app.py"
    first = watch.round()
    assert f"The starter files of III-2 are now in {path.parent}" in first
    assert path.read_text() == course.starter("III-2")["app.py"]
    assert first.count("– untouched:") == TASKS
    assert count(watch.owner) == 0, "the starter needs no lab"

    path.write_text(WRONG)
    second = watch.round()
    assert re.search(r"^\d\d:\d\d:\d\d  judging III-2: app.py$", second, re.MULTILINE)
    assert "✗ failed:" in second and "Next:" in second

    lab = count(watch.owner, labels.ROLE + "=probe")
    assert lab == 1, "the lab stays open from round to round"
    (tmp_path / "new.py").write_text(solution_files("III-2")["app.py"])
    (tmp_path / "new.py").rename(path)  # as an editor saves
    third = watch.round()
    assert third.count("✓ passed:") == TASKS
    assert f"{TASKS} of {TASKS} tasks passed" in third
    assert set(progress.read("III-2").outcomes.values()) == {"passed"}

    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(GONE_SECONDS) == 0
    assert "Traceback" not in watch.process.stderr.read()
    assert until(lambda: count(watch.owner) == 0, GONE_SECONDS)
