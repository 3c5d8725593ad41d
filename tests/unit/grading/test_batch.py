"""A batch keeps what is done, judges nothing twice, and one learner's trouble stays theirs.
What judges is replaced here; with real containers it is tests/grading."""

import json
import threading

import pytest
from fakes import FakeLab

from factorlab.errors import NotReady
from factorlab.exercises.judging import Outcome, Result
from factorlab.grading import batch as module
from factorlab.grading.batch import Batch
from factorlab.grading.collect import Submission, collect
from factorlab.grading.formats import csv
from factorlab.grading.gradebook import Gradebook
from factorlab.grading.identity import by_rule
from factorlab.grading.records import Records
from factorlab.questions import Finding, Verdict, find
from factorlab.questions import Outcome as Found
from factorlab.questions.spec import spec

SPEC = spec("III-2")


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Grade answers (learner -> text of app.py) with a function that gives the outcome."""
    calls = []

    def grade(answers, verdict=lambda _: Outcome.PASSED, **more):
        def judge(spec, files, lab=None):
            calls.append(files["app.py"])
            outcome = verdict(files["app.py"])
            return [Result(spec.id, task, outcome, what="seen") for task in spec.tasks]

        monkeypatch.setattr(module, "judge", more.pop("judge", judge))
        monkeypatch.setattr(module, "Lab", more.pop("lab", FakeLab))
        subs = [Submission(n, {"III-2": {"app.py": t}}, ("a",)) for n, t in answers.items()]
        made = Batch(subs, [SPEC], Records(tmp_path), **{"jobs": 2, **more})
        grade.batch = made
        made.run()
        return {
            one.submission.learner: [task["outcome"] for task in one.exercises["III-2"]]
            for one in made.results()
        }

    grade.calls = calls
    return grade


def test_what_is_unchanged_is_not_judged_again(run):
    run({"mia": "1", "noah": "2"})
    run({"mia": "1", "noah": "3"})
    assert sorted(run.calls) == ["1", "2", "3"]
    run({"mia": "1"}, again=True)
    assert sorted(run.calls) == ["1", "1", "2", "3"]


def test_judged_again_with_the_same_outcomes_no_word_changes(run):
    draws = iter(range(100))
    outcome = Outcome.FAILED

    def judge(spec, files, lab=None):
        return [Result(spec.id, t, outcome, what=f"greeting-{next(draws)}") for t in spec.tasks]

    def said():
        run({"mia": "1"}, judge=judge, again=True)
        return run.batch.results()

    first = said()
    assert said() == first
    assert next(draws) == 2 * len(SPEC.tasks)
    outcome = Outcome.ERROR
    assert said() != first


def test_results_are_known_by_exercise_and_task_wherever_a_cell_stands(run, tmp_path):
    def shown(cells):
        path = tmp_path / "in" / "mia" / "01-config.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": cells}))
        [one] = collect([tmp_path / "in"], by_rule)
        run({"mia": one.answers["III-2"]["app.py"]}, lambda text: moved[text])
        return csv.render(Gradebook(run.batch.results(), [SPEC], True))

    moved = {"1\n": Outcome.PASSED}
    code = [
        {"cell_type": "code", "id": f"cell-{n}", "source": text}
        for n, text in enumerate(
            ["import factorlab", "%%answer III-1/app.py\n2", "%%answer III-2/app.py\n1", "check()"]
        )
    ]
    first = shown(code)
    assert first.count("passed") == len(SPEC.tasks)
    for cells in ([*reversed(code)], [code[2]], [*code, *code], [*code[2:], *code[:2]]):
        assert shown(cells) == first
    assert run.calls == ["1\n"], "moved, it is the same answer: not judged again"


def test_what_the_machine_was_to_blame_for_is_judged_again(run):
    run({"mia": "1"}, lambda _: Outcome.ENVIRONMENT)
    assert run({"mia": "1"})["mia"] == ["passed"] * 3


def test_a_fault_of_ours_is_no_grade_and_stops_nobody(run):
    def verdict(text):
        if text == "bad":
            raise RuntimeError("a bug in a check")
        return Outcome.PASSED

    found = run({"eve": "bad", "mia": "1", "noah": "2"}, verdict)
    assert found == {"eve": ["environment"] * 3, "mia": ["passed"] * 3, "noah": ["passed"] * 3}


def test_an_engine_that_is_gone_grades_nobody(run):
    def gone(*_, **__):
        raise NotReady("The engine does not answer.", next="start it.")

    assert run({"mia": "1"}, lab=gone)["mia"] == ["environment"] * 3


def test_a_lab_that_does_not_answer_any_more_is_replaced(run):
    made = []

    def lab(*_, **__):
        made.append(FakeLab())
        return made[-1]

    def judge(spec, files, lab=None):
        lab.alive = False
        return [Result(spec.id, task, Outcome.PASSED) for task in spec.tasks]

    run({"mia": "1", "noah": "2"}, judge=judge, lab=lab, jobs=1)
    assert len(made) == 2


def test_a_busy_machine_is_asked_once_more_alone(run):
    busy = []

    def judge(spec, files, lab=None):
        found = Found.INCONCLUSIVE if not busy else Found.PASSED
        outcome = Outcome.ENVIRONMENT if not busy else Outcome.PASSED
        busy.append(files)
        verdict = Verdict(find(spec.tasks[0].question), "answer", Finding(found, "", "too busy"))
        return [Result(spec.id, task, outcome, verdict) for task in spec.tasks]

    assert run({"mia": "1"}, judge=judge)["mia"] == ["passed"] * 3
    assert len(busy) == 2


def test_a_file_that_cannot_be_read_is_an_error_and_not_untouched(run, tmp_path):
    one = Submission("mia", {}, (), unread=("a.ipynb cannot be read.",))
    made = Batch([one], [SPEC], Records(tmp_path), jobs=1)
    made.run()
    [graded] = made.results()
    assert [task["outcome"] for task in graded.exercises["III-2"]] == ["error"] * 3
    assert "a.ipynb cannot be read" in graded.exercises["III-2"][0]["seen"]


def test_an_interrupt_keeps_what_is_done_and_the_next_run_goes_on(run, monkeypatch):
    first = threading.Event()

    def verdict(text):
        if text != "1":
            first.wait(10)
        return Outcome.PASSED

    def interrupt(self, waiting):
        module.wait(waiting, return_when=module.FIRST_COMPLETED)
        self._stopped.set()
        first.set()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Batch, "_wait", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run({"mia": "1", "noah": "2", "zoe": "3"}, verdict, jobs=1)
    assert not run.batch.complete
    known = {g.submission.learner: list(g.exercises) for g in run.batch.results()}
    assert known == {"mia": ["III-2"], "noah": [], "zoe": []}
    before = run.calls.count("1")
    assert len(run({"mia": "1", "noah": "2", "zoe": "3"}, verdict)) == 3
    assert run.calls.count("1") == before
