"""The probe is spoken to over whatever the engine's connection is, TLS too."""

import json
import socket
import ssl
import struct
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from factorlab.engine.container import attach
from factorlab.engine.container.attach import Channel
from factorlab.errors import NotReady

pytestmark = pytest.mark.openssl


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            path,
            "-out",
            path.with_suffix(".crt"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


def answer(connection):
    """A probe behind an engine: each answer is one frame, and one record."""
    with connection, connection.makefile("rb") as lines:
        for line in lines:
            ask = json.loads(line)
            if ask["op"] == "end":
                return
            said = json.dumps({"id": ask["id"], "said": ask.get("say")}).encode() + b"\n"
            connection.sendall(struct.pack(">BxxxL", 1, len(said)) + said)


@pytest.fixture
def probe(certificate, monkeypatch):
    monkeypatch.setattr(attach, "GRACE_SECONDS", 4)
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secured.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            answer(secured.wrap_socket(connection, server_side=True))

        threading.Thread(target=serve, daemon=True).start()
        raw = socket.create_connection(server.getsockname())
        near = trusting.wrap_socket(raw, server_hostname="localhost")
        near.settimeout(120)  # as the SDK leaves it
        container = SimpleNamespace(
            attach=lambda: near, start=lambda: None, state=lambda: SimpleNamespace(status="running")
        )
        probe = Channel(container)
        yield probe
        probe.close()


def test_behind_tls_an_answer_comes_before_the_next_request(probe):
    for word in ("one", "two"):
        assert probe.call("say", seconds=1, say=word)["said"] == word


def test_behind_tls_threads_may_ask_at_once_and_at_length(probe):
    words = [str(number) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda word: probe.call("say", say=word)["said"], words * 4))
    assert said == words * 4


def test_behind_tls_the_end_of_the_probe_is_noticed_and_said(probe):
    with pytest.raises(NotReady, match="does not answer"):
        probe.call("end", seconds=1)
    assert not probe.open
