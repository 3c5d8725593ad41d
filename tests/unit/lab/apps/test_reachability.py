"""Where an app listens, read from the kernel's table; and what a closed door is told as."""

import socket
import subprocess
import sys
import threading

import pytest
from fakes import FakeApp

from factorlab.errors import NotReady
from factorlab.lab.apps import reachability

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 1 1
   1: 0B00007F:8165 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1
   2: 030114AC:2328 020114AC:8194 06 00000000:00000000 03:00001758 00000000     0        0 0 3
   3: 00000000:2328 00000000:0000 0A 00000000:00000000 00:00000000 00000000 10001        0 4 1
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000
   1: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000
"""


def table():
    return 0, TABLE


def refused():
    raise NotReady("not running")


def test_what_listens_is_read_from_the_table_without_the_engines_own():
    found = reachability.listens(FakeApp(exec=table))
    assert found == ["0.0.0.0:9000", "127.0.0.1:8000", "[::1]:8000", "[::]:80"]


def test_a_container_that_has_ended_listens_nowhere():
    app = FakeApp(exec=refused)
    app.end(0)
    assert reachability.listens(app) == []


def test_an_engine_that_refuses_is_not_taken_for_an_app_that_is_silent():
    with pytest.raises(NotReady):
        reachability.listens(FakeApp(exec=refused))


def test_a_door_that_closes_is_told_from_one_that_is_not_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        closing = threading.Thread(target=lambda: server.accept()[0].close())
        closing.start()
        assert reachability._through_the_door(url, "/") == reachability.CLOSED
        closing.join()
    assert reachability._through_the_door(url, "/") == reachability.ELSEWHERE


def test_from_inside_silence_and_a_closed_connection_are_told_from_a_refusal():
    def answer(port):
        command = [sys.executable, "-c", quick, str(port), "/", reachability.CLOSED]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    quick = reachability._INSIDE.replace("timeout=5", "timeout=0.5")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert answer(port) == "timed out"
        server.accept()[0].close()
        closing = threading.Thread(target=lambda: server.accept()[0].close())
        closing.start()
        assert answer(port) == reachability.CLOSED
        closing.join()
    assert answer(port) == "connection refused"
