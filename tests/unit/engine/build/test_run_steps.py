"""What a build step of an answer is blamed for, and what not."""

import pytest
from fakes import FakeContainer

from factorlab.engine.build import run_steps
from factorlab.engine.build.dockerfile import instructions
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.container.container import State
from factorlab.errors import NotReady, NotStarted

[_, RUN] = instructions("FROM x\n\nRUN true")
RUNNING, GONE, GOING = State("running", None), State("removed", None), State("removing", 137)


@pytest.fixture
def watch(monkeypatch):
    monkeypatch.setattr(run_steps, "_written", lambda container: 0)
    made = run_steps.Steps(Session("test"), "a-network")
    return lambda step: made._watch(step, "answer", RUN)


@pytest.mark.parametrize(
    "step",
    [
        FakeContainer(waits=[None, None], states=[RUNNING, GONE, GONE]),
        FakeContainer(waits=[None, 137], states=[RUNNING, GONE]),
        FakeContainer(waits=[137], states=[GOING]),
    ],
    ids=["between two looks", "while it was waited for", "on its way out"],
)
def test_a_step_that_somebody_else_removed_is_no_fault_of_the_answer(watch, step):
    with pytest.raises(NotReady, match="was removed while it ran") as error:
        watch(step)
    assert error.value.why and error.value.next


def test_a_step_that_was_killed_by_itself_is(watch):
    ended = State("exited", 137)
    with pytest.raises(NotStarted, match="exit code 137"):
        watch(FakeContainer(waits=[None, 137], states=[RUNNING, ended, ended]))
