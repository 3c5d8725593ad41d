"""The third side of every exercise: plausible wrong answers and unusual right ones, each judged
exactly as a learner's would be. (That the solution passes is shown by its notebook, under nbval.)"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from factorlab import course
from factorlab.exercises.answers import starter
from factorlab.exercises.judge import Outcome, Result, judge
from factorlab.exercises.spec import spec
from factorlab.grading.submission import grade_folder
from factorlab.lab import Lab

HERE = Path(__file__).parent
EXERCISES = [entry.id for entry in course.exercises()]
PASSED = Outcome.PASSED
FOLDERS = sorted(
    path.parent.relative_to(HERE).as_posix() for path in HERE.glob("*/*/expected.toml")
)


def expected(name):
    return tomllib.loads((HERE / name / "expected.toml").read_text(encoding="utf-8"))


def outcomes(results: list[Result]):
    return {result.task.id: str(result.outcome) for result in results}


def seen(results: list[Result]):
    return {result.task.id: result.as_dict()["seen"] for result in results}


def judged_tasks(name):
    """The tasks of an exercise are dealt out among its right answers, so that each is asked of one;
    a wrong answer is judged on the first task that it must not pass, best one of which the words
    are known. (Solutions are judged on all tasks by their notebooks.) `make answers` judges all
    tasks of all answers, which takes three times as long."""
    exercise, answer = name.partition("/")[0], expected(name)
    tasks = spec(exercise).tasks
    if os.environ.get("FACTORLAB_EVERY_TASK"):
        return tasks
    if "wrong-" not in name:
        rights = [other for other in FOLDERS if other.startswith(f"{exercise}/right-")]
        hands = min(len(rights), len(tasks))
        return tasks[rights.index(name) % hands :: hands]
    failing = [task for task in tasks if answer["tasks"][task.id] != PASSED]
    told = [task for task in failing if task.id in answer.get("seen", {})]
    return (told or failing)[:1]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_task_is_asked_of_a_right_answer(exercise):
    rights = [name for name in FOLDERS if name.startswith(f"{exercise}/right-")]
    asked = {task.id for name in rights for task in judged_tasks(name)}
    assert asked == {task.id for task in spec(exercise).tasks}


@pytest.fixture(scope="session")
def lab():
    """One for all answers, cleared from answer to answer, as a learner's is from check to check."""
    with Lab("answers", untrusted=True) as lab:
        yield lab


@pytest.mark.engine
@pytest.mark.parametrize("name", FOLDERS)
def test_answer_gets_the_outcomes_it_deserves(name, lab):
    tasks, wanted = judged_tasks(name), expected(name)
    results = grade_folder(name.partition("/")[0], HERE / name, tasks=tasks, lab=lab)
    texts = seen(results)
    assert outcomes(results) == {task.id: wanted["tasks"][task.id] for task in tasks}, texts
    for task, text in wanted.get("seen", {}).items():
        assert task not in texts or text in texts[task]


@pytest.mark.engine
@pytest.mark.parametrize("exercise", EXERCISES)
def test_starter_is_called_untouched(exercise):
    results = judge(spec(exercise), starter(exercise))
    assert set(outcomes(results).values()) == {Outcome.UNTOUCHED}


@pytest.mark.engine
def test_check_prints_json_and_exits_1_for_a_wrong_answer():
    folder = HERE / "III-2" / "wrong-swallows-the-error"
    command = [sys.executable, "-m", "factorlab", "check", "III-2", "--answers", str(folder)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=300)
    assert run.returncode == 1, run.stderr
    assert '"survives-rotation"' in json.dumps(json.loads(run.stdout))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_exercise_has_enough_wrong_and_right_answers(exercise):
    kinds = [
        name.split("/")[1].partition("-")[0] for name in FOLDERS if name.startswith(f"{exercise}/")
    ]
    assert kinds.count("wrong") >= 4
    assert kinds.count("right") >= 3
    assert set(kinds) == {"wrong", "right"}


def test_every_folder_is_an_answer_to_an_exercise():
    folders = {
        path.relative_to(HERE).as_posix() for path in HERE.glob("*/*/") if "_" not in path.name
    }
    assert folders == set(FOLDERS)
    assert {name.partition("/")[0] for name in FOLDERS} <= set(EXERCISES)


@pytest.mark.parametrize("name", FOLDERS)
def test_expectations_name_every_task_and_say_why(name):
    exercise, _, folder = name.partition("/")
    wanted = expected(name)
    tasks = [task.id for task in spec(exercise).tasks]
    assert list(wanted["tasks"]) == tasks
    assert set(wanted["tasks"].values()) <= set(Outcome)
    assert wanted["why"].endswith(".")
    not_passed = {task for task, outcome in wanted["tasks"].items() if outcome != Outcome.PASSED}
    assert bool(not_passed) == folder.startswith("wrong-")
    assert bool(not_passed & set(wanted.get("seen", {}))) == bool(not_passed)
