"""What an app cannot do: gain rights, use up the machine, reach the net, the host or another lab."""

import json
import socket

import psutil
import pytest
from on_engine import begin

from factorlab.engine.connection import connect
from factorlab.exercises.judging import Outcome, judge
from factorlab.lab import Lab
from factorlab.lab.apps.disk import used_kib
from factorlab.questions.spec import spec

pytestmark = [pytest.mark.engine, pytest.mark.floor]

WRITER = b"""\
FROM factorlab/python:3.11
COPY false /usr/local/bin/df
COPY false /usr/local/bin/stat
COPY writer.py .
CMD ["python", "writer.py"]
"""
HIDING = b"""\
import ctypes, pathlib, time
ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE: nobody of the same user may look
for place in ("/tmp/x", "/dev/shm/x"):
    pathlib.Path(place).write_bytes(b"x" * 400_000)
print("written", flush=True)
time.sleep(600)
"""
SLEEPER = b'FROM factorlab/python:3.11\nUSER root\nCMD ["sleep", "600"]\n'


@pytest.fixture(scope="module")
def app(lab):
    return lab.run("bad", name="prisoner")


@pytest.fixture(scope="module")
def strangers():
    with Lab("exercise-III-2", untrusted=True) as lab:
        yield lab


@pytest.fixture(scope="module")
def stranger(strangers):
    built = strangers.build("stranger", {"Dockerfile": SLEEPER})
    return strangers.deploy(built, "stranger", wait=False)


@pytest.mark.parametrize("who", ["app", "stranger"])
def test_an_app_has_no_rights_and_gains_none(who, request):
    app = request.getfixturevalue(who)
    status = dict(
        line.split(":\t", 1)
        for line in app.exec("cat", "/proc/1/status")[1].splitlines()
        if ":\t" in line
    )
    for rights in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[rights], 16) == 0, rights
    assert status["NoNewPrivs"] == "1"
    assert app.exec("id", "-u")[1].strip() == "10001"


@pytest.mark.parametrize("who", ["app", "stranger"])
def test_an_app_has_a_ceiling_on_memory_processes_cpu_and_logs(who, request):
    host = request.getfixturevalue(who).inspect()["HostConfig"]
    assert 0 < host["Memory"] <= 512 * 2**20
    assert host["MemorySwap"] == host["Memory"], "no swap beyond the memory"
    assert 0 < host["PidsLimit"] <= 256
    assert 0 < host["NanoCpus"] <= 2e9
    assert host["LogConfig"]["Config"]["max-size"]
    assert not host["Privileged"]
    assert host["CapDrop"] == ["ALL"] and not host["CapAdd"]
    assert not host["Binds"] and not host["Devices"] and not host["PidMode"]


def test_the_engine_itself_cannot_be_reached_from_an_app(app):
    assert "No such file" in app.exec("ls", "/var/run/docker.sock")[1]
    assert all(mount["Type"] == "volume" for mount in app.inspect()["Mounts"])


TRY = """
import json, socket, sys
def attempt(host, port):
    try:
        socket.create_connection((host, port), timeout=0.7).close()
        return True
    except OSError:
        return False
print(json.dumps([place for place in json.loads(sys.argv[1]) if attempt(*place)]))
"""


def reached(app, places: list[tuple[str, int]]) -> list[list[object]]:
    code, output = app.exec("python", "-c", TRY, json.dumps(places))
    assert code == 0, output
    return json.loads(output)


def test_an_app_reaches_its_neighbours(lab, app):
    """So that the tests below prove something: the same question finds what is open."""
    assert reached(app, [("probe", 8000), ("prisoner", 8000)]) == [["prisoner", 8000]]


def test_an_app_reaches_neither_the_net_nor_the_host(lab, app):
    network = connect().networks.get(lab.network).attrs
    assert network["Internal"]
    hosts = {config["Gateway"] for config in network["IPAM"]["Config"] if config.get("Gateway")}
    hosts |= {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    }
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            places = [(host, port) for host in sorted(hosts)]
            places += [("1.1.1.1", 443), ("host.docker.internal", port), ("example.org", 80)]
            assert reached(app, places) == []


OTHER = """
from factorlab.lab import Lab
with Lab("01-config") as lab:
    app = lab.run("bad", name="neighbour")
    networks = app.inspect()["NetworkSettings"]["Networks"]
    print(next(iter(networks.values()))["IPAddress"])
    input()
"""


def test_two_labs_of_the_same_lesson_do_not_see_each_other(app):
    other = begin(OTHER)
    address = other.stdout.readline().strip()
    assert address.count(".") == 3
    assert reached(app, [("neighbour", 8000), (address, 8000), ("prisoner", 8000)]) == [
        ["prisoner", 8000]
    ]
    assert app.get("/").status_code == 200, "the other lab did not close this one"
    other.communicate("\n", timeout=30)
    assert other.returncode == 0


def test_an_answer_of_a_stranger_can_write_only_to_tmp_and_only_so_much(stranger):
    assert stranger.inspect()["HostConfig"]["ReadonlyRootfs"]
    for path in ("/app/x", "/x", "/opt/venv/x", "/run/secrets/x", "/home/app/x", "/var/tmp/x"):
        code, output = stranger.exec("sh", "-c", f"echo evil > {path}")
        assert code != 0, path
        assert "Read-only" in output or "denied" in output
    assert stranger.exec("sh", "-c", "echo fine > /tmp/x && cat /tmp/x") == (0, "fine\n")
    code, output = stranger.exec("dd", "if=/dev/zero", "of=/tmp/big", "bs=1M", "count=64")
    assert code != 0 and "No space left" in output


def test_what_an_app_has_written_is_seen_whatever_its_programs_say(strangers):
    files = {"Dockerfile": WRITER, "writer.py": HIDING, "false": b"#!/bin/sh\necho 0\n"}
    app = strangers.deploy(strangers.build("writer", files), "writer", wait=False)
    app.logs_with("written")
    assert app.exec("df") == app.exec("stat") == (0, "0\n"), "it says that there is nothing"
    assert 780 <= (used_kib(strangers.net, app) or 0) <= 800
    app.kill()
    assert used_kib(strangers.net, app) is None


HOG = "held = []\nwhile True:\n    held.append(bytearray(2**24))\n"
BOMB = "import os\nwhile True:\n    os.fork()\n"
LOUD = "import sys\nfor _ in range(400):\n    sys.stdout.write('x' * 99_999 + '\\n')\nsys.exit(4)\n"


@pytest.mark.parametrize(
    ("code", "word"),
    [(HOG, "out of memory"), (BOMB, "exit code"), (LOUD, "exit code 4")],
    ids=["memory", "processes", "output"],
)
def test_an_answer_that_uses_up_the_machine_ends_as_a_plain_error(strangers, code, word):
    exercise = spec("III-2")
    [result] = judge(exercise, {"app.py": code}, exercise.tasks[:1], strangers)
    assert result.outcome is Outcome.ERROR, result
    assert word in result.what
    assert result.earned == 0
    assert len(result.log) < 20 * 100_000
    assert connect().ping(), "the engine is fine"
    assert strangers.alive, "and so is the lab"


def test_an_answer_without_a_command_is_an_error_of_its_own(strangers):
    exercise = spec("III-1")
    dockerfile = f"{exercise.starter['Dockerfile']}CMD []\n"
    [result] = judge(exercise, {"Dockerfile": dockerfile}, exercise.tasks[:1], strangers)
    assert result.outcome is Outcome.ERROR, result
    assert "its image names no command" in result.what
    assert "CMD" in result.next
