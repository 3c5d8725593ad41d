"""Stand-ins for what the package works with, for tests that need no container engine.

Each says in its first line what it stands for, and has as much of it as the tests ask for. What one
test alone needs, for its own point, stays in the file of that test.
"""

import queue
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import httpx
import requests
from docker.errors import APIError

from factorlab.engine.cleanup.labels import Session
from factorlab.engine.container.container import Container, State
from factorlab.engine.container.plan import Plan
from factorlab.errors import NoAnswer, NotReady
from factorlab.lab.network import Network
from factorlab.lab.probe import Probe

RUNNING = State("running", None)


class FakeClock:
    """Stands for the module `time`: only sleeping takes time, and what a test adds to `now`.

    With `step`, every sleep takes so many seconds, whatever was asked for.
    """

    def __init__(self, now: float = 0.0, step: float | None = None) -> None:
        self.now, self.slept = now, 0
        """The time, and how often somebody slept."""
        self._step = step

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds if self._step is None else self._step
        self.slept += 1


# Of the engine


def refusal(status: int, text: str = "no", kind: type[APIError] = APIError) -> APIError:
    """What the engine's SDK raises when the engine answers with this status and this text."""
    response = requests.Response()
    response.status_code, response.reason, response.url = status, "reason", "http://engine/x"
    return kind(text, response=response, explanation=text)


class FakeContainer(Container):
    """Stands for the engine's `Container`: it says what the test gave it, one after the other.

    `states` and `waits` are what its next looks and waits come to; `log` is all that it wrote. What
    a test hands to `write` comes out of `follow`, until a None ends it or an exception breaks it.
    """

    def __init__(
        self,
        plan: Plan | None = None,
        engine: "FakeEngine | None" = None,
        *,
        states: Iterable[State] = (),
        waits: Iterable[int | None] = (),
        log: str = "last words",
    ) -> None:
        self.plan, self.engine, self.killed = plan, engine, False
        self.ports = {"8080/tcp": [{"HostPort": "4711"}]}
        self.pieces: queue.Queue[bytes | Exception | None] = queue.Queue()
        self._states, self._waits, self._log = iter(states), iter(waits), log

    name = property(lambda self: self.plan.name)

    def start(self) -> None:
        pass

    def join(self, network: str) -> None:
        pass

    def wait(self, seconds: float) -> int | None:
        return next(self._waits)

    def state(self) -> State:
        return next(self._states)

    def kill(self) -> None:
        self.killed = True

    def logs(self, tail: int | None = None) -> str:
        return self._log

    def exec(self, command: Sequence[str]) -> tuple[int, str]:
        return 0, ""

    def inspect(self) -> dict:
        return {"NetworkSettings": {"Ports": self.ports}}

    def write(self, *pieces: bytes | Exception | None) -> None:
        for piece in pieces:
            self.pieces.put(piece)

    def follow(self) -> Iterator[bytes]:
        while (piece := self.pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def remove(self) -> None:
        self.engine.comes_between("remove")
        self.engine.there.remove(self)


class FakeEngine:
    """Stands for an engine: what is there on it, where each name is given once; and at which step
    the next interrupt comes (`remove`, `wait`, `close`)."""

    def __init__(self) -> None:
        self.there: list[FakeContainer] = []
        self.interrupt_at = ""

    def create(self, plan: Plan) -> FakeContainer:
        if plan.name in [one.name for one in self.there]:
            raise NotReady(f"The name {plan.name} is in use.")
        self.there.append(made := FakeContainer(plan, self, log="it ended"))
        return made

    def comes_between(self, step: str) -> None:
        if step == self.interrupt_at:
            self.interrupt_at = ""
            raise KeyboardInterrupt

    def names(self) -> list[str]:
        return [one.plan.aliases[0] for one in self.there]


# Of a lab


class FakeProbe(Probe):
    """Stands for a lab's `Probe`: every server answers at once, or none does (`answers`); it keeps
    the addresses that it was sent to. How patient it is, is the real one's."""

    def __init__(
        self, engine: FakeEngine | None = None, *, answers: bool = True, overloaded: bool = False
    ) -> None:
        self._engine, self._answers, self._overloaded = engine or FakeEngine(), answers, overloaded
        self.urls: list[str] = []

    def overloaded(self) -> bool:
        return self._overloaded

    def wait_http(self, url: str, seconds: float) -> bool:
        self._engine.comes_between("wait")
        self.urls.append(url)
        return self._answers

    def redis(self, url: str, *command: str, seconds: float = 10) -> str:
        return "PONG"

    def close(self) -> None:
        self._engine.comes_between("close")


class FakeNetwork(Network):
    """Stands for the `Network` of a lab: it starts nothing, and keeps the plans of what was created."""

    def __init__(self) -> None:
        self.session, self.name, self.secrets = Session("01-config"), "net", []
        self.plans: list[Plan] = []

    def fresh(self, name: str) -> str:
        return name

    def create(self, plan: Plan) -> FakeContainer:
        self.plans.append(plan)
        return FakeContainer(plan)


class FakeApp:
    """Stands for an `App` that runs nowhere.

    It answers on each path what `answers` says: True (200), False (503) or None (nothing); 200 on
    every other, as long as it runs. `exec` is called for a command inside it, `listening` is where
    it listens, `record` the engine's record of it. It writes what no page may take for markup.
    """

    port = 8000

    def __init__(
        self,
        name: str = "app",
        env: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        *,
        lab: "FakeLab | None" = None,
        address: str = "",
        answers: Mapping[str, bool | None] | None = None,
        exec: Callable[[], tuple[int, str]] = lambda: (0, ""),
        listening: Sequence[str] = (),
        record: Mapping[str, object] | None = None,
        log: str = "",
    ) -> None:
        self.name, self.env, self.lab, self.address = name, dict(env), lab, address
        self.answers = dict(answers or {})
        self.requests: list[tuple[str, str, object]] = []
        """Method, path and body of what it was sent."""
        self.orders: list[str] = []
        """`start`, `stop` and `restart`, in the order in which it was told to."""
        self._exec, self._listening, self._record = exec, listening, record or {}
        self._log = log or f"log of {name} \x1b[31m"
        self._state = RUNNING

    @property
    def state(self) -> State:
        if self.lab and self.lab.engine_is_gone:
            raise NotReady("No container engine answers.")
        return self._state

    @property
    def exit_code(self) -> int | None:
        return self.state.exit_code

    @property
    def restarts(self) -> int:
        return self.orders.count("restart")

    def end(self, code: int) -> int:
        """It ends by itself."""
        self._state = State("exited", code)
        return code

    def start(self, wait: bool = True) -> None:
        self.orders.append("start")
        self._state = RUNNING

    def stop(self, grace: float = 10) -> int:
        self.orders.append("stop")
        return self.end(0)

    def kill(self) -> int:
        return self.end(137)

    def restart(self) -> None:
        self.orders.append("restart")
        self._state = RUNNING

    def wait_ready(self) -> None:
        if self.lab and self.lab.on_wait:
            self.lab.on_wait(self)

    def may_still_answer(self, waited: float) -> bool:
        return waited < 0.05

    def not_started(self) -> NotReady:
        return NotReady("not started")

    def get(self, path: str, seconds: float = 10) -> httpx.Response:
        return self.request("GET", path)

    def request(self, method: str, path: str, json_body: object = None) -> httpx.Response:
        if self._state != RUNNING:
            raise NoAnswer(f"{method} {path} got no response: connection refused.")
        self.requests.append((method, path, json_body))
        answer = self.answers.get(path, True)
        if answer is None:
            raise NoAnswer(f"{method} {path} got no response: timed out.")
        return httpx.Response(200 if answer else 503, text="ok \x1b[31m<b>")

    def exec(self, *command: str, seconds: float | None = None) -> tuple[int, str]:
        assert seconds, "what an image's program takes has a limit"
        return self._exec()

    def listens(self) -> Sequence[str]:
        return self._listening

    def inspect(self) -> Mapping[str, object]:
        return self._record

    def logs(self, tail: int | None = None, **_: object) -> str:
        return self._log

    def remove(self) -> None:
        if self.lab:
            self.lab.apps.remove(self)


class FakeService:
    """Stands for a backing `Service` of a lab: it holds three rows, and can be paused; as long as
    `fault` is an exception, the service raises that instead."""

    def __init__(self, name: str) -> None:
        self.name, self.state = name, "running"
        self.fault: Exception | None = None

    def holds(self) -> str:
        if self.fault:
            raise self.fault
        return "3 rows"

    def pause(self) -> None:
        if self.fault:
            raise self.fault
        self.state = "paused"

    def unpause(self) -> None:
        self.state = "running"


class FakeRouter:
    """Stands for the `Router` of a lab: it keeps the names of the replicas that it was pointed at."""

    def __init__(self) -> None:
        self.lists: list[list[str]] = []

    def point_at(self, apps: Iterable[FakeApp]) -> None:
        self.lists.append([app.name for app in apps])


class FakeLab:
    """Stands for a `Lab`: it builds nothing, and what it deploys are FakeApps.

    `on_wait` is called with each app that is waited for. With `engine_is_gone`, nobody can look at
    its apps any more.
    """

    def __init__(
        self,
        *_: object,
        services: Iterable[FakeService] = (),
        overloaded: bool = False,
        **__: object,
    ) -> None:
        self.session = SimpleNamespace(lesson="01-config")
        self.probe = FakeProbe(overloaded=overloaded)
        self.alive, self.closed, self.engine_is_gone = True, False, False
        self.services, self.secrets = list(services), []
        self.apps: list[FakeApp] = []
        self.on_wait: Callable[[FakeApp], object] | None = None
        self._count = 0

    def image(self, variant: str) -> SimpleNamespace:
        return SimpleNamespace(id=f"sha256:{variant}-image")

    def build(self, name: str, *_: object, **__: object) -> SimpleNamespace:
        return self.image(name)

    def deploy(self, image: object, name: str, *, env: Mapping[str, str], wait: bool) -> FakeApp:
        self._count += 1
        app = FakeApp(f"{name}-{self._count}", env, lab=self)
        self.apps.append(app)
        return app

    def database(self, name: str, schema: str = "") -> SimpleNamespace:
        self.secrets.append(password := secrets.token_urlsafe(12))
        return SimpleNamespace(url=f"postgresql://shop:{password}@{name}:5432/shop")

    def together(self, *calls: Callable[[], object]) -> list[object]:
        return [call() for call in calls]

    def clear(self) -> None:
        self.apps.clear()

    def close(self) -> None:
        self.alive, self.closed = False, True


def install_package(folder: Path, module: str, code: str, entry_points: str) -> None:
    """What pip leaves in a folder of packages: a module of a team's, and its `entry_points.txt`."""
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points.rstrip() + "\n")
