"""What the tests of panels share: a board over a lab and apps that need no engine."""

from types import SimpleNamespace

import pytest

from factorlab.engine.container.container import State
from factorlab.errors import NoAnswer, NotReady
from factorlab.panels.board import Board


class FakeApp:
    def __init__(self, lab, name, env):
        self.lab, self.name, self.env = lab, name, dict(env)
        self.now = State("running", None)
        self.asked, self.restarts = [], 0

    @property
    def state(self):
        if self.lab.engine_is_gone:
            raise NotReady("No container engine answers.")
        return self.now

    def end(self, code):
        self.now = State("exited", code)
        return code

    def stop(self):
        return self.end(0)

    def kill(self):
        return self.end(137)

    def restart(self):
        self.restarts += 1
        self.now = State("running", None)

    def wait_ready(self):
        if self.lab.on_wait:
            self.lab.on_wait(self)

    def request(self, method, path, json_body=None):
        if self.now.status != "running":
            raise NoAnswer(f"{method} {path} got no response: connection refused.")
        self.asked.append((method, path, json_body))
        return SimpleNamespace(status_code=200, text="ok \x1b[31m<b>")

    def logs(self, tail=None):
        return f"log of {self.name} \x1b[31m"

    def remove(self):
        self.lab.apps.remove(self)


class FakeService:
    def __init__(self, name):
        self.name, self.state, self.fault = name, "running", None

    def holds(self):
        if self.fault:
            raise self.fault
        return "3 rows"

    def pause(self):
        if self.fault:
            raise self.fault
        self.state = "paused"

    def unpause(self):
        self.state = "running"


class FakeLab:
    def __init__(self):
        self.session = SimpleNamespace(lesson="01-config")
        self.closed = self.engine_is_gone = False
        self.services = [FakeService("production")]
        self.apps, self.on_wait, self.count = [], None, 0

    def image(self, variant):
        return SimpleNamespace(id=f"sha256:{variant}-image")

    def deploy(self, image, name, *, env, wait):
        self.count += 1
        app = FakeApp(self, f"{name}-{self.count}", env)
        self.apps.append(app)
        return app

    def together(self, *calls):
        return [call() for call in calls]


@pytest.fixture(autouse=True)
def no_docker_compose(monkeypatch):
    """Compose files are read by us, whether or not this machine has the command."""
    monkeypatch.setattr("factorlab.audit.compose.COMMAND", ("no-such-docker", "compose"))


@pytest.fixture
def lab():
    return FakeLab()


@pytest.fixture
def board(lab):
    return Board(lab, ("bad", "good"), {"GREETING": "Hello"})
