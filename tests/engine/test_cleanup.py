"""Nothing is left behind, however a lab and its process end."""

import contextlib
import os
import signal
import uuid

import pytest
from on_engine import begin, count, until

from factorlab import cli
from factorlab.engine.cleanup import labels, sweep
from factorlab.engine.connection import connect
from factorlab.lab import Lab

pytestmark = [pytest.mark.engine, pytest.mark.floor]

GONE_SECONDS = 15
LEARNER = """
from factorlab.engine.cleanup import watchdog
from factorlab.lab import Lab
lab = Lab("00-start-here")
lab.run("hello", wait=False)
lab.mount("token", "x")
print(watchdog._process.pid, lab.session.id)
input()
"""


def session_of(session: str) -> str:
    return f"{labels.SESSION}={session}"


def learner(code: str = LEARNER):
    """A process with a lab, its watchdog's process id, and the label of what it created."""
    process = begin(code)
    pid, session = process.stdout.readline().split()
    assert count(session_of(session)) >= 5  # two containers, network, volume, image
    return process, int(pid), session_of(session)


def test_a_closed_lab_leaves_nothing():
    lab = Lab("00-start-here")
    lab.run("hello", wait=False)
    lab.mount("token", "x")
    label = session_of(lab.session.id)
    assert count(label) == 5  # two containers, network, volume, image
    sweep.sweep()
    assert count(label) == 5, "a sweep leaves alone what the living have"
    lab.close()
    assert count(session_of(lab.session.id)) == 0


def test_a_lab_that_an_exception_ends_leaves_nothing():
    with pytest.raises(ZeroDivisionError), Lab("00-start-here") as lab:
        lab.run("hello", wait=False)
        raise ZeroDivisionError
    assert count(session_of(lab.session.id)) == 0


def test_the_same_lab_made_again_replaces_the_first():
    first = Lab("00-start-here")
    first.run("hello", wait=False)
    with Lab("00-start-here") as second:
        assert count(session_of(first.session.id)) == 0
        assert second.run("hello").get("/").status_code == 200
        first.close()
        assert second.alive, "closing the first does not touch the second"


def test_the_normal_end_of_a_process_leaves_nothing():
    process, _, label = learner()
    process.communicate("\n", timeout=30)
    assert process.returncode == 0
    assert until(lambda: count(label) == 0, GONE_SECONDS)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_end_of_a_process_by_a_signal_leaves_nothing(how):
    process, _, label = learner()
    process.send_signal(how)
    assert process.wait(10) == -how
    assert until(lambda: count(label) == 0, GONE_SECONDS)


def test_what_a_dead_process_and_a_dead_watchdog_left_goes_at_the_next_start():
    process, watchdog, label = learner()
    os.kill(watchdog, signal.SIGKILL)
    process.kill()
    process.wait(10)
    following = begin("from factorlab.lab import Lab\nLab('00-start-here').close()")
    following.communicate(timeout=60)
    assert following.returncode == 0
    assert until(lambda: count(label) == 0, 3)


@pytest.fixture
def foreign():
    """Somebody else's container, network and image, made from the course's image."""
    client, name = connect(), f"foreign-{uuid.uuid4().hex[:8]}"
    # A label of its own: images of the same lines would be one image, gone with the first test.
    dockerfile = f"FROM factorlab/python:3.11\nLABEL mine={name}\n".encode()
    with_labels = {"labels": {"mine": "1"}}
    network = client.networks.create(name, **with_labels)
    container = client.containers.create(
        "factorlab/python:3.11", ["sleep", "60"], name=name, labels={labels.COURSE: ""}
    )
    from io import BytesIO

    image, _ = client.images.build(fileobj=BytesIO(dockerfile), tag=f"{name}:1", rm=True)
    yield container, network, image
    container.remove(force=True)
    network.remove()
    client.images.remove(image.id, force=True)


def test_clean_removes_what_the_course_created_and_nothing_else(monkeypatch, capsys, foreign):
    """With a label of its own, so that the labs of others on this engine survive the test."""
    container, network, image = foreign
    label = f"org.factorlab.test-{uuid.uuid4().hex[:8]}"
    monkeypatch.setattr(labels, "COURSE", label)
    monkeypatch.setattr(sweep, "COURSE", label)
    lab = Lab("00-start-here")
    lab.run("hello", wait=False)
    assert lab.alive
    assert count(label) == 5
    with contextlib.suppress(SystemExit):
        cli.main(["clean"])
    said = capsys.readouterr().out
    assert "Removed 2 containers, 1 networks, 1 volumes, 1 app images." in said
    assert count(label) == 0
    container.reload()
    network.reload()
    image.reload()
    lab.close()


def test_an_image_that_somebody_built_on_ours_is_not_taken_for_an_apps(foreign):
    _, _, image = foreign
    assert labels.COURSE in image.labels, "labels are inherited"
    ids = {found["Id"] for found in sweep._find(labels.COURSE)["images"]}
    assert image.id not in ids


def test_a_lab_whose_containers_others_removed_closes_in_peace():
    lab = Lab("00-start-here")
    app = lab.run("hello")
    for container in connect().containers.list(filters={"label": session_of(lab.session.id)}):
        container.remove(force=True)
    assert app.state.status == "removed"
    assert until(lambda: not lab.alive, 5)
    lab.close()
    assert count(session_of(lab.session.id)) == 0
