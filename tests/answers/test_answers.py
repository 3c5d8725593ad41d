"""The third side of every exercise: plausible wrong answers and unusual right ones, each judged
exactly as a learner's would be. (That the solution passes is shown by its notebook, under nbval.)"""

import json
import os
import subprocess
import sys
from functools import cache

import pytest
from answers.key import answer, files, names

from factorlab import course
from factorlab.course import starter
from factorlab.exercises.judging import Outcome, Result, judge
from factorlab.lab import Lab
from factorlab.questions.spec import spec

EXERCISES = [entry.id for entry in course.exercises()]
PASSED = Outcome.PASSED
NAMES = names()


def outcomes(results: list[Result]):
    return {result.task.id: str(result.outcome) for result in results}


def seen(results: list[Result]):
    return {result.task.id: result.as_dict()["seen"] for result in results}


EVERY_TASK = bool(os.environ.get("FACTORLAB_EVERY_TASK"))
"""Set by `make answers`, which judges all tasks of all answers and takes three times as long."""
LEAST_WRONG = 4


def answers(exercise, kind):
    return [name for name in NAMES if name.startswith(f"{exercise}/{kind}-")]


def told(exercise, task):
    """The wrong answers that must not pass a task, those whose words are known first."""
    failing = [name for name in answers(exercise, "wrong") if answer(name).outcome(task) != PASSED]
    return sorted(failing, key=lambda name: task not in answer(name).seen)


@cache
def share(exercise):
    """What `make test` judges of an exercise, answer -> tasks. The tasks are dealt out among the
    right answers, so that each is asked of one. Each task refuses a wrong answer of its own as far
    as there are such, and four wrong answers are judged at least, each on one task. (Solutions are
    judged on all tasks by their notebooks.)"""
    tasks, rights = spec(exercise).tasks, answers(exercise, "right")
    hands = min(len(rights), len(tasks))
    dealt = {name: tasks[n % hands :: hands] for n, name in enumerate(rights)}
    refused = {}
    for task in tasks:
        if own := [name for name in told(exercise, task.id) if name not in refused]:
            refused[own[0]] = (task,)
    for name in answers(exercise, "wrong"):
        if len(refused) < LEAST_WRONG and name not in refused:
            refused[name] = next((task,) for task in tasks if name in told(exercise, task.id))
    return dealt | refused


def judged_tasks(name):
    exercise = name.partition("/")[0]
    return spec(exercise).tasks if EVERY_TASK else share(exercise)[name]


JUDGED = [name for name in NAMES if EVERY_TASK or name in share(name.partition("/")[0])]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_task_is_asked_of_a_right_answer(exercise):
    asked = {task.id for name in answers(exercise, "right") for task in judged_tasks(name)}
    assert asked == {task.id for task in spec(exercise).tasks}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_task_refuses_a_wrong_answer(exercise):
    wrong = [name for name in answers(exercise, "wrong") if name in share(exercise)]
    assert len(wrong) >= LEAST_WRONG
    refused = {task.id for name in wrong for task in share(exercise)[name]}
    assert refused == {task.id for task in spec(exercise).tasks if told(exercise, task.id)}


@pytest.fixture(scope="session")
def lab():
    """One for all answers, cleared from answer to answer, as a learner's is from check to check."""
    with Lab("answers", untrusted=True) as lab:
        yield lab


@pytest.mark.engine
@pytest.mark.parametrize("name", JUDGED)
def test_answer_gets_the_outcomes_it_deserves(name, lab):
    tasks, wanted = judged_tasks(name), answer(name)
    results = judge(spec(name.partition("/")[0]), files(name), tasks, lab)
    texts = seen(results)
    assert outcomes(results) == {task.id: wanted.outcome(task.id) for task in tasks}, texts
    for task, text in wanted.seen.items():
        assert task not in texts or text in texts[task]


@pytest.mark.engine
@pytest.mark.parametrize("exercise", EXERCISES)
def test_starter_is_called_untouched(exercise):
    results = judge(spec(exercise), starter(exercise))
    assert set(outcomes(results).values()) == {Outcome.UNTOUCHED}


@pytest.mark.engine
@pytest.mark.part("iii")
def test_check_prints_json_and_exits_1_for_a_wrong_answer(tmp_path):
    for file, text in files("III-2/wrong-swallows-the-error").items():
        (tmp_path / file).write_text(text)
    command = [sys.executable, "-m", "factorlab", "check", "III-2", "--answers", str(tmp_path)]
    run = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=300)
    assert run.returncode == 1, run.stderr
    assert '"survives-rotation"' in json.dumps(json.loads(run.stdout))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_exercise_has_enough_wrong_and_right_answers(exercise):
    wrong, right = answers(exercise, "wrong"), answers(exercise, "right")
    assert len(wrong) >= LEAST_WRONG
    assert len(right) >= 3


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_answer_can_be_made_and_is_like_no_other(exercise):
    made = [starter(exercise), *(files(name) for name in NAMES if name.startswith(f"{exercise}/"))]
    assert all(one not in made[:number] for number, one in enumerate(made))


@pytest.mark.parametrize("name", NAMES)
def test_expectations_name_every_task_and_say_why(name):
    exercise, _, own = name.partition("/")
    wanted = answer(name)
    not_passed = {*wanted.fails, *wanted.errors}
    assert not_passed <= {task.id for task in spec(exercise).tasks}
    assert not wanted.fails.keys() & wanted.errors.keys()
    assert wanted.why.endswith(".")
    assert bool(not_passed) == own.startswith("wrong-")
    assert bool(wanted.seen) == bool(not_passed)
