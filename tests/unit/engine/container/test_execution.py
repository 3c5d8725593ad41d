"""A command inside a container: what is read of it, and waited for, has an end."""

import socket
import struct
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest
from fakes import FakeApp, FakeLab, FakeProbe

from factorlab.engine.container import container, execution
from factorlab.engine.container.container import Container
from factorlab.errors import Endless, NotReady
from factorlab.factors.h_health import healthcheck_instruction
from factorlab.factors.vii_port_binding import ports
from factorlab.lab.apps import reachability


def frame(text, stream=1):
    """What the engine sends for a piece of output."""
    return struct.pack(">BxxxL", stream, len(text)) + text


class Engine:
    """An engine whose container answers a command as `script` does, over a real socket."""

    def __init__(self, script, code=0):
        self._script, self._code = script, code
        self.client, self.id = SimpleNamespace(api=self), "c1"
        self.sent = 0

    def exec_create(self, id, command):
        return {"Id": "e1"}

    def exec_start(self, id, socket):
        ours, theirs = pair()
        threading.Thread(target=self._send, args=[theirs], daemon=True).start()
        return ours

    def _send(self, end):
        with end, suppress(OSError):
            for piece in self._script():
                end.sendall(piece)
                self.sent += len(piece)

    def exec_inspect(self, id):
        return {"ExitCode": self._code}


pair = socket.socketpair


def run(script, code=0, seconds=20.0):
    return Container(Engine(script, code)).exec(["cat", "two words"], seconds)


def silent():
    yield frame(b"one\n")
    time.sleep(30)


def endless():
    while True:
        yield frame(b"y\n" * 1000)


def test_both_outputs_and_the_exit_code_come_back():
    found = run(lambda: [frame(b"gr\xc3"), frame(b"\xb6n\n"), frame(b"no\n", stream=2)], code=3)
    assert found == (3, "grön\nno\n")


def test_what_writes_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(execution, "EXEC_BYTES", 1_000_000)
    engine = Engine(endless)
    with pytest.raises(
        Endless, match="`cat 'two words'` writes more than 1 million bytes"
    ) as error:
        Container(engine).exec(["cat", "two words"])
    assert error.value.next
    assert engine.sent < 5_000_000, "nobody reads on"


@pytest.mark.parametrize("script", [silent, endless])
def test_what_does_not_end_is_given_up_in_time(script, monkeypatch):
    monkeypatch.setattr(execution, "EXEC_BYTES", 10**12)
    began = time.monotonic()
    with pytest.raises(Endless, match=r"has not ended after 0\.2 s") as error:
        run(script, seconds=0.2)
    assert "time limit of its own" in error.value.next
    assert time.monotonic() - began < 10


def test_a_command_of_ours_that_does_not_end_is_the_machines_fault(monkeypatch):
    monkeypatch.setattr(execution, "EXEC_SECONDS", 0.2)
    with pytest.raises(NotReady, match=r"which the course runs, has not ended after 0\.2 s"):
        run(silent, seconds=None)


def test_an_archive_is_whole_or_refused(monkeypatch):
    raw = SimpleNamespace(get_archive=lambda path: (iter([b"a" * 600_000] * 3), {}))
    assert len(Container(raw).get("/tmp")) == 1_800_000
    monkeypatch.setattr(container, "ARCHIVE_BYTES_READ", 1_000_000)
    with pytest.raises(Endless, match="/tmp holds more than 1 million bytes"):
        Container(raw).get("/tmp")


def give_up():
    raise Endless("`yes` writes more than 16 million bytes, and was given up.")


def test_a_program_of_the_image_without_an_end_prints_nothing():
    assert reachability.inside(FakeApp(exec=give_up), "cat", "/proc/net/tcp") == ""


def test_a_healthcheck_without_an_end_is_neither_healthy_nor_unhealthy():
    record = {"Config": {"Healthcheck": {"Test": ["CMD", "yes"]}}}
    said = healthcheck_instruction._ask(FakeApp(exec=give_up, record=record))
    assert not said.healthy and not said.words.startswith("unhealthy")
    finding = healthcheck_instruction._finding("healthy", [("all is well", said)], said.healthy)
    assert finding.seen == "all is well: it was given up"
    assert "more than 16 million bytes" in finding.log


def test_an_app_that_says_that_it_listens_everywhere_is_not_asked_everywhere():
    lab = FakeLab()
    lab.probe = FakeProbe(answers=False)
    subject = SimpleNamespace(contract=SimpleNamespace(ready="/"))
    app = FakeApp("shop", listening=[f"0.0.0.0:{port}" for port in range(1, 60_000)])
    found = ports.reach(lab, subject, app)
    assert found.port is None and len(found.listens) <= ports.LISTENS
    assert len(set(lab.probe.urls)) <= ports.LISTENS + 1
