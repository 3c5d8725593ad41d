"""How far a learner is: a plain file that survives broken writes, upgrades and two kernels; and
the map that is made of it."""

import html
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from factorlab import course
from factorlab.display.course_map import CourseMap, Stop, Tier
from factorlab.errors import FactorLabError
from factorlab.exercises import answer_files, lock, progress
from factorlab.questions.spec import spec
from factorlab.start import progress as shown

TASKS = [task.id for task in spec("III-1").tasks]
ALL_PASSED = dict.fromkeys(TASKS, "passed")


@pytest.fixture(autouse=True)
def own_work(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTORLAB_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


def test_progress_is_kept():
    progress.record("III-1", {"a": "passed", "b": "failed"})
    progress.record("III-1", {"b": "passed", "c": "environment"})
    assert progress.read("III-1").outcomes == {"a": "passed", "b": "passed"}
    assert progress.read("III-2").outcomes == {}


def test_looking_at_progress_writes_nothing(own_work):
    assert progress.read("III-1") == progress.Progress()
    assert not own_work.exists()


def test_a_pass_stays_until_the_exercise_is_begun_anew():
    progress.record("III-1", {"a": "passed", "b": "failed"})
    progress.record("III-1", {"a": "failed", "b": "untouched"})
    assert progress.read("III-1").outcomes == {"a": "passed", "b": "untouched"}
    progress.forget("III-1")
    assert progress.read("III-1") == progress.Progress()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"x"',
        b"\xff\xfe\x00",
        b'{"outcomes": null}',
        b'{"outcomes": {}, "hints": "many"}',
        b'{"outcomes": {}, "hints": Infinity}',
        b'{"outcomes": {"a": "passed"}, "hints": 1, "version": 2}',
        b'{"outcomes": {}, "version": "x"}',
        b'{"hints": 3}',
        b"[" * 100_000,
    ],
)
def test_progress_that_cannot_be_read_is_kept_aside_and_begins_anew(own_work, raw):
    path = own_work / "progress" / "III-1.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    assert progress.read("III-1") == progress.Progress()
    assert path.with_suffix(".json.unreadable").read_bytes() == raw
    progress.record("III-1", {"a": "passed"})
    assert progress.read("III-1").outcomes == {"a": "passed"}


FIRST = {"outcomes": {"a": "passed"}, "hints": 2, "version": 1}


@pytest.mark.parametrize("data", [FIRST, {"outcomes": {"a": "passed"}, "hints": 2}])
def test_the_first_version_is_read_as_it_was_written(own_work, data):
    path = own_work / "progress" / "III-1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(data))
    assert progress.read("III-1") == progress.Progress({"a": "passed"}, 2)


def test_a_file_of_the_first_version_goes_through_every_upgrade(own_work, monkeypatch):
    path = own_work / "progress" / "III-1.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(FIRST))
    steps = (
        lambda data: {**data, "outcomes": {f"new-{k}": v for k, v in data["outcomes"].items()}},
        lambda data: {**data, "hints": data["hints"] + 1},
    )
    monkeypatch.setattr(progress, "_UPGRADES", steps)
    assert progress.read("III-1") == progress.Progress({"new-a": "passed"}, 3, 3)
    progress.record("III-1", {"new-b": "passed"})
    assert json.loads(path.read_text())["version"] == 3
    assert progress.read("III-1").outcomes == {"new-a": "passed", "new-b": "passed"}


KERNEL = """
import sys
from factorlab.exercises import progress
print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    progress.record("III-1", {f"{sys.argv[1]}-{number}": "passed"})
"""


def test_two_kernels_at_once_lose_no_pass():
    kernels = [
        subprocess.Popen(
            [sys.executable, "-c", KERNEL, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for kernel in kernels:
        assert kernel.stdout.readline() == "ready\n"
    for kernel in kernels:
        kernel.stdin.write("go\n")
        kernel.stdin.flush()
    for kernel in kernels:
        kernel.communicate(timeout=60)
        assert kernel.returncode == 0
    wanted = {f"{name}-{number}" for name in ("one", "two") for number in range(100)}
    assert set(progress.read("III-1").outcomes) == wanted


HOLDER = """
import sys
from pathlib import Path
from factorlab.exercises.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(own_work):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(own_work / "progress")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lock_that_is_never_let_go_is_said(holder, monkeypatch):
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.1)
    with pytest.raises(FactorLabError, match="held by another process") as told:
        progress.record("III-1", {"a": "passed"})
    assert "then try again" in told.value.next


def test_a_lock_ends_with_the_process_that_held_it(holder):
    holder.kill()
    holder.wait(10)
    progress.record("III-1", {"a": "passed"})
    assert progress.read("III-1").outcomes == {"a": "passed"}


def test_a_folder_that_cannot_be_written_is_said_and_no_lock_is_missed(own_work):
    own_work.write_text("a file where the folder should be")
    with pytest.raises(FactorLabError, match="could not be written"):
        progress.record("III-1", {"a": "passed"})
    course.begin("01-config")  # stops nobody's lesson
    assert not course.begun("01-config")


def states() -> dict[str, str]:
    return {stop.name: stop.state for tier in shown().tiers for stop in tier.stops}


def test_the_map_shows_every_lesson_and_exercise_by_tier():
    text = str(shown())
    for lesson in course.lessons():
        assert course.TIERS[lesson.tier] in text
        assert lesson.title in text and f"{lesson.minutes} min" in text
        for entry in lesson.exercises:
            assert entry.title in text and f"{entry.minutes} min" in text


def test_the_map_follows_the_learner():
    assert set(states().values()) == {"not begun"}
    progress.record("III-1", {TASKS[0]: "failed"})
    assert states()["III-1"] == states()["01-config"] == "begun"
    progress.record("III-1", {TASKS[0]: "passed", TASKS[1]: "failed"})
    assert states()["III-1"] == f"1 of {len(TASKS)} tasks"
    assert states()["01-config"] == "begun"
    progress.record("III-1", ALL_PASSED)
    assert states()["III-1"] == "passed"
    assert states()["01-config"] == "1 of 2 exercises"
    progress.record("III-2", {task.id: "passed" for task in spec("III-2").tasks})
    assert states()["01-config"] == "passed"
    assert f"2 of {len(course.exercises())} exercises passed" in str(shown())


def test_an_exercise_is_begun_by_a_change_or_a_hint_and_not_by_saving_the_starter():
    for name, text in course.starter("III-1").items():
        answer_files.save("III-1", name, text)
    assert states()["III-1"] == "not begun"
    answer_files.save("III-1", "app.py", "mine")
    assert states()["III-1"] == "begun"
    with progress.changing("III-2") as state:
        state.hints = 1
    assert states()["III-2"] == "begun"


def test_a_lesson_is_begun_by_its_mark():
    course.begin("00-start-here")
    assert states()["00-start-here"] == "begun"


def test_what_is_next_is_the_first_exercise_that_is_not_passed():
    assert shown().next.startswith("read notebooks/01-config.ipynb, then do III-1 ")
    course.begin("01-config")
    assert shown().next.startswith("do III-1 ")
    progress.record("III-1", ALL_PASSED)
    assert shown().next == (
        "do III-2 (Rotate a password without a restart) in exercises/01-config.ipynb."
    )
    for entry in course.exercises():
        progress.record(entry.id, {task.id: "passed" for task in spec(entry.id).tasks})
    assert shown().next == "nothing is left. Every exercise is passed."


NASTY = "<script>alert(1)</script> \x1b[31m & '"


def course_of_16() -> CourseMap:
    """As large as the course will be, with words that must not become markup."""
    lessons = [Stop(f"{n:02}-lesson", f"Lesson {n}", "not begun", 25) for n in range(16)]
    exercises = [
        Stop("III-1", NASTY, state, 20, inside=True)
        for state in ("passed", "2 of 5 tasks", "begun")
    ]
    tiers = [Tier(f"Tier {n}", [*lessons[3 * n : 3 * n + 3], *exercises]) for n in range(6)]
    return CourseMap(tiers, "1 of 18 exercises passed", f"do III-1 {NASTY}.")


def words(markup: str) -> list[str]:
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).split()


def test_the_map_says_the_same_in_html_and_in_text():
    made = course_of_16()
    text = re.sub(r"^-[- ]*$", "", made.to_text(), flags=re.MULTILINE)
    assert text.split() == words(made.to_html())


def test_the_map_carries_sixteen_lessons_in_lines_that_fit_and_align():
    made = course_of_16()
    plain = replace(
        made,
        tiers=[
            replace(t, stops=[replace(s, about="What it is") for s in t.stops]) for t in made.tiers
        ],
    )
    lines = [line for line in plain.to_text().splitlines() if line.endswith(" min")]
    assert len(lines) == 16 + 18
    assert len({line.index("What it is") for line in lines}) == 1
    assert max(map(len, lines)) < 80


def test_nothing_in_the_map_becomes_markup_and_a_state_is_a_sign_and_a_word():
    made = course_of_16()
    assert "<script" not in made.to_html() and "\x1b" not in made.to_html() + made.to_text()
    assert not re.search(r"https?://|src=|href=|@import|url\(", made.to_html())
    for sign in ("· not begun", "▸ begun", "▸ 2 of 5 tasks", "✓ passed"):
        assert sign in made.to_html() and sign in made.to_text()
