"""What the doctor says of an engine that was stopped, and of one on another machine."""

from types import SimpleNamespace

import pytest
import requests

from factorlab.engine import connection
from factorlab.engine.machine import doctor


@pytest.fixture
def engine(monkeypatch):
    """The connection of a process that has spoken to an engine before."""

    def at(url, **calls):
        client = SimpleNamespace(api=SimpleNamespace(base_url=url), close=lambda: None, **calls)
        monkeypatch.setattr(connection, "_client", client)
        monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
        monkeypatch.setattr(doctor.course_images, "stale", list)
        monkeypatch.setattr(doctor.sweep, "leftovers", lambda: None)

    return at


def gone():
    raise requests.ConnectionError("('Connection aborted.', ConnectionRefusedError())")


def answers():
    return {"Version": "29.0", "ApiVersion": "1.52", "NCPU": 4}


def test_an_engine_that_was_stopped_is_a_line_and_no_traceback(engine):
    engine("http+docker://localhost", version=gone, info=gone)
    lines = {line.name: line for line in doctor.examine()}
    assert lines["engine"].state == "missing"
    assert "does not answer any more" in lines["engine"].observed and lines["engine"].remedy
    assert int(lines["cores"].observed) >= 1
    assert not doctor.healthy(list(lines.values()))


def test_an_engine_that_is_stopped_while_it_is_looked_at_is_no_traceback(engine):
    engine("http+docker://localhost", version=answers, info=gone)
    assert {line.name for line in doctor.examine()} >= {"engine", "cores", "memory", "disk"}


@pytest.mark.parametrize("url", ["https://10.0.0.7:2376", "http+docker://ssh"])
def test_the_disk_of_this_machine_is_not_held_against_an_engine_on_another(
    engine, monkeypatch, url
):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: SimpleNamespace(free=2**30))
    engine(url, version=answers, info=answers)
    lines = {line.name: line for line in doctor.examine()}
    assert doctor.healthy(list(lines.values()))
    for name in ("memory", "disk"):
        assert lines[name].observed == "not measured: the engine is on another machine"
    assert lines["cores"].observed == "4"


@pytest.mark.parametrize(
    "url", ["http+docker://localhost", "http+docker://localnpipe", "http://localhost:2375"]
)
def test_the_disk_of_this_machine_is_measured_for_an_engine_on_it(engine, monkeypatch, url):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: SimpleNamespace(free=2**30))
    engine(url, version=answers, info=answers)
    lines = {line.name: line for line in doctor.examine()}
    assert (lines["disk"].state, lines["disk"].observed) == ("missing", "1 GiB free")
