"""An experiment that questions share is run once, however many threads ask."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from threading import Barrier, Event
from types import SimpleNamespace

import pytest
from fakes import FakeApp, FakeLab

from factorlab.audit import run
from factorlab.audit.questions import asked
from factorlab.engine.build.build import Build
from factorlab.factors.ix_disposability import stop
from factorlab.factors.s_least_privilege import non_root
from factorlab.factors.xi_logs import events
from factorlab.lab import Request
from factorlab.questions import deploys, question
from factorlab.questions.contract import Contract, Variable
from factorlab.questions.subject import Subject

CONTRACT = Contract(
    (Variable("DATABASE_URL", "postgres"),),
    Request("GET", "/"),
    Request("POST", "/", {"item": "t"}),
)
SECONDS = 10


def subject():
    return Subject("app", Build("sha256:1", "x"), CONTRACT)


def side_by_side(*calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(SECONDS) for future in [pool.submit(call) for call in calls]]


def test_two_threads_that_ask_at_once_get_the_one_object():
    meet, runs, one = Barrier(2), [], subject()

    def experiment(lab, asked):
        runs.append(asked)
        time.sleep(0.1)
        return object()

    def ask():
        meet.wait(SECONDS)
        return one.once(experiment, None)

    first, second = side_by_side(ask, ask)
    assert first is second
    assert runs == [one]


def test_experiments_do_not_wait_for_each_other():
    one, begun, ended = subject(), Event(), Event()

    def slow(lab, subject):
        begun.set()
        return ended.wait(SECONDS)

    def quick(lab, subject):
        assert begun.wait(SECONDS)
        ended.set()
        return "quick"

    found = side_by_side(lambda: one.once(slow, None), lambda: one.once(quick, None))
    assert found == [True, "quick"]


def test_each_key_is_an_experiment_of_its_own():
    one = subject()

    def experiment(lab, subject, kind):
        return [lab, kind]

    assert one.once(experiment, "lab", "redis") == ["lab", "redis"]
    assert one.once(experiment, "lab", "smtp") == ["lab", "smtp"]
    assert one.once(experiment, "lab", "smtp") is one.once(experiment, "lab", "smtp")


def test_what_fails_is_raised_and_tried_again_by_the_next():
    one, tries, meet = subject(), itertools.count(1), Barrier(2)

    def experiment(lab, subject):
        number = next(tries)
        time.sleep(0.1)
        if number == 1:
            raise KeyboardInterrupt("the first")
        return number

    def ask():
        meet.wait(SECONDS)
        try:
            return one.once(experiment, None)
        except KeyboardInterrupt as error:
            return str(error)

    assert set(side_by_side(ask, ask)) == {"the first", 2}
    assert one.once(experiment, None) == 2


def test_subjects_share_nothing_and_nor_does_one_made_from_another():
    def experiment(lab, subject):
        return object()

    one = subject()
    one.started.set()
    others = [subject(), replace(one, image=Build("sha256:2", "y"))]
    assert len({id(s.once(experiment, None)) for s in (one, *others)}) == 3
    assert not any(other.started.is_set() for other in others)


def test_one_experiment_may_need_another():
    def inner(lab, subject):
        return 1

    def outer(lab, subject):
        return subject.once(inner, lab) + subject.once(inner, lab)

    assert subject().once(outer, None) == 2


def test_one_that_needs_itself_is_told_and_does_not_hang():
    def again(lab, subject):
        return subject.once(again, lab)

    one = subject()
    with pytest.raises(RuntimeError, match="again waits for itself"):
        one.once(again, None)


def test_one_that_needs_itself_in_a_thread_that_it_waits_for_is_told():
    """As `Lab.together` runs its parts."""

    def again(lab, subject):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(copy_context().run, lambda: subject.once(again, lab)).result(SECONDS)

    with pytest.raises(RuntimeError, match="again waits for itself"):
        subject().once(again, None)


def test_two_that_need_each_other_are_told_whichever_thread_came_first():
    one, meet = subject(), Barrier(2)

    def left(lab, subject):
        meet.wait(SECONDS)
        return subject.once(right, lab)

    def right(lab, subject):
        meet.wait(SECONDS)
        return subject.once(left, lab)

    def ask(experiment):
        try:
            return one.once(experiment, None)
        except RuntimeError as error:
            meet.abort()  # the other tries the experiment that has just failed
            return str(error)
        except Exception as error:
            return type(error).__name__

    said = side_by_side(lambda: ask(left), lambda: ask(right))
    assert any("waits for itself" in text for text in said)


class SlowLab(FakeLab):
    """Its second database takes longer to start than the first."""

    def __init__(self):
        super().__init__()
        self.made = itertools.count()

    def database(self, name, schema=""):
        time.sleep(0.05 + 0.1 * next(self.made))
        return super().database(name, schema)


def leaky(env):
    """An app that prints the whole URL of its database."""
    return FakeApp(env=env, log=f"connecting to {env['DATABASE_URL']}\n")


def test_a_password_in_the_log_fails_the_audit_whichever_group_is_first(monkeypatch):
    """Two groups share one config; two were made, and the check looked for the other's password."""

    def deploy(lab, subject, config, *_, **__):
        time.sleep(0.15)
        return leaky(config.env)

    def stopped(lab, subject, grace):
        deploy(lab, subject, deploys.shared(lab, subject))
        return stop.Stop(SimpleNamespace(replies=[]), True, 0, "")

    question.find("stops-by-itself")
    for module in (deploys, stop, non_root, events):
        monkeypatch.setattr(module, "deploy", deploy)
    monkeypatch.setattr(events, "send", lambda *_, **__: 0)
    monkeypatch.setattr(stop, "_stopped", stopped)
    lab, rows = SlowLab(), []
    wanted = [asked()[id] for id in ("secrets-stay-out-of-log", "stops-by-itself")]
    run._ask_groups(lab, subject(), wanted, run.SIDE_BY_SIDE, rows.append)
    assert {row.id: str(row.result) for row in rows}["secrets-stay-out-of-log"] == "failed"
    assert next(lab.made) == 1, "the groups share one database"
