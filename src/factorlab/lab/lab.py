"""A lab: one private network with a probe in it, and the apps and services one puts there."""

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar, overload

from factorlab import course
from factorlab.engine import images
from factorlab.engine.builds import Build, build, without_ignored
from factorlab.engine.cleanup import remove_session
from factorlab.engine.containers import Container, Limits, Plan
from factorlab.engine.labels import Session
from factorlab.engine.networks import create_network, create_volume
from factorlab.engine.watchdog import watch
from factorlab.errors import FactorLabError, NotReady
from factorlab.lab import variants
from factorlab.lab.app import App
from factorlab.lab.probe import Probe
from factorlab.lab.router import Router
from factorlab.lab.services import Postgres, Redis, Service

T = TypeVar("T")
ANSWER_USER = "10001:10001"
DOOR_SECONDS = 5
"""How long a door may take to lead to its app before its address is given out all the same."""

_open: dict[str, "Lab"] = {}


class Lab:
    """A private network with apps and backing services in containers.

    `lesson` names the folder in `apps/` that variants come from; a lab for an exercise or an
    audit takes any name. Making a lesson's lab again in one process closes the first, so Run All
    twice starts afresh; labs for untrusted answers stand side by side. Everything is removed by
    `close()`, at the end of the process, and by the watchdog however the process ends. Raises
    NotReady when the machine cannot run it.
    """

    def __init__(self, lesson: str, *, untrusted: bool = False) -> None:
        self.session = Session(lesson)
        self.untrusted = untrusted
        """Whether its apps come from strangers: read-only root, a user without a name."""
        self.secrets: list[str] = []
        """The passwords of its services: what must not be found in an image."""
        self.services: list[Service] = []
        """The databases and caches that were asked for by name, in that order; those that a
        check makes for itself are not among them."""
        self._containers: list[Container] = []
        self._names: set[str] = set()
        self._builds: dict[str, Build] = {}
        self._lock = threading.Lock()
        self._doors: dict[tuple[str, int], int] = {}
        self._door_network = ""
        self._closed = False
        images.require()
        watch()
        if not untrusted and (previous := _open.pop(lesson, None)):
            previous.close()
        try:
            self.network = create_network(self.session)
            self._volume = create_volume(self.session)
            self._pool = ThreadPoolExecutor(8, thread_name_prefix="factorlab")
            self._probe: Future[Probe] = self._pool.submit(
                Probe, self.session, self.network, self._volume
            )
        except BaseException:  # an interrupt, too, leaves nothing behind
            with suppress(NotReady):
                remove_session(self.session.id)
            raise
        if not untrusted:
            _open[lesson] = self

    @property
    def closed(self) -> bool:
        """Whether `close()` was called."""
        return self._closed

    @property
    def alive(self) -> bool:
        """Whether it is open and its probe answers."""
        return not self._closed and self._probe.result().alive

    @property
    def probe(self) -> Probe:
        """The container inside the network that sends this lab's requests."""
        self._require_open()
        return self._probe.result()

    def _require_open(self) -> None:
        if self._closed:
            raise FactorLabError(
                f"The lab '{self.session.lesson}' is closed.",
                next="run the cell that makes the lab again, then the cells below it.",
            )

    # Backing services

    def postgres(self, name: str = "db", *, password: str | None = None) -> Postgres:
        """Start a PostgreSQL 15 server reachable as `name` and wait until it answers. The tables
        of `apps/LESSON/schema.sql`, where there is one, are in it."""
        schema = course.root() / "apps" / self.session.lesson / "schema.sql"
        text = schema.read_text() if schema.is_file() else ""
        server = self.database(name, schema=text, password=password or f"{name}-secret")
        self.services.append(server)
        return server

    def database(self, name: str, *, schema: str = "", password: str | None = None) -> Postgres:
        """Start a PostgreSQL 15 server with these tables; without `password`, a random one."""
        return Postgres(
            self, self._fresh(name), password or secrets.token_urlsafe(12), schema
        ).prepare()

    def redis(self, name: str = "cache") -> Redis:
        """Start a Redis 7 server reachable as `name` and wait until it answers."""
        server = Redis(self, self._fresh(name)).prepare()
        self.services.append(server)
        return server

    # Apps

    def image(self, variant: str) -> Build:
        """The image of a variant of this lesson's app, built once per lab; of one that you made
        yourself, built anew when a file has changed."""
        files = variants.read(self.session.lesson, variant)
        if files is not None:  # the learner's own: held to what any answer is held to
            built = self._builds.get(variant)
            if built is None or built.files != without_ignored(files):
                self._builds[variant] = self.build(variant, files)
        elif variant not in self._builds:
            files = variants.given(self.session.lesson, variant)
            self._builds[variant] = self.build(variant, files, trusted=True)
        return self._builds[variant]

    def build(self, name: str, files: Mapping[str, bytes], *, trusted: bool = False) -> Build:
        """Build an image from files that include a Dockerfile. Raises Refused or NotStarted."""
        self._require_open()
        return build(self.session, name, files, trusted=trusted)

    @overload
    def run(self, variant: str, *, env: Mapping[str, str] | None = None, name: str | None = None,
            wait: bool = True, replicas: None = None) -> App: ...  # fmt: skip
    @overload
    def run(self, variant: str, *, env: Mapping[str, str] | None = None, name: str | None = None,
            wait: bool = True, replicas: int) -> list[App]: ...  # fmt: skip
    def run(self, variant: str, *, env: Mapping[str, str] | None = None, name: str | None = None,
            wait: bool = True, replicas: int | None = None) -> App | list[App]:  # fmt: skip
        """Start a variant of this lesson's app with this environment and wait until it answers.

        With `replicas`, start that many side by side and return a list; all answer to `name`.
        With `wait=False`, return at once. Raises NotStarted with the app's last lines.
        """
        built = self.image(variant)
        if replicas is None:
            return self.deploy(built, name or variant, env=env, wait=wait)
        alias = self._fresh(name or variant)
        return self.together(*(
            lambda number=number: self.deploy(
                built, f"{alias}-{number}", env=env, wait=wait, group=alias
            )
            for number in range(1, replicas + 1)
        ))  # fmt: skip

    def deploy(
        self, image: Build, name: str, *, env: Mapping[str, str] | None = None, wait: bool = True,
        port: int = 8000, ready: str = "/", group: str = "", command: Sequence[str] | None = None,
        restart: bool = False,
    ) -> App:  # fmt: skip
        """Start one container of a built image; `ready` is the path that is asked until it
        answers on `port`. Replicas answer to the name of their `group` too. `command` stands in
        for the image's own; with `restart`, the engine starts it again whenever it fails."""
        name = self._fresh(name)
        plan = Plan(
            image=image.id,
            name=self.session.object_name(name),
            labels=self.session.labels("app", name),
            network=self.network,
            aliases=[name, *([group] if group else [])],
            env=dict(env or {}),
            command=command,
            restart=restart,
            limits=Limits(),
            volumes={self._volume: ("/run/secrets", False)},
            tmpfs={"/tmp": "size=32m,mode=1777"} if self.untrusted else {},
            read_only=self.untrusted,
            user=ANSWER_USER if self.untrusted else None,
        )
        container = self.create(plan)
        app = App(self, name, image, container, dict(env or {}), name, port, ready)
        return app.start(wait=wait)

    def router(self, *apps: App, name: str = "router", sticky: str = "") -> Router:
        """Start nginx in front of replicas and wait until it answers; `sticky="cookie"` sends
        the same cookies to the same replica, `sticky="set-cookie"` gives each browser a cookie
        that names its replica. `Router.point_at` changes the list."""
        return Router(self, self._fresh(name)).start(apps, sticky)

    def mount(self, name: str, text: str) -> str:
        """Put a file where apps read it and replace it in one step, as a platform mounts and
        rotates a secret. Returns its path inside the apps: `/run/secrets/NAME`."""
        return self.probe.write_secret(name, text)

    def together(self, *calls: Callable[[], T]) -> list[T]:
        """Do several slow things side by side; results in the order of the calls. All have ended
        when it returns, or raises what the first of them raised."""
        futures = [self._pool.submit(call) for call in calls]
        try:
            wait_for(futures)
        except BaseException:  # interrupted: what is under way ends first, so that a clearing
            for future in futures:  # up after it finds all that there is
                future.cancel()
            wait_for(futures)
            raise
        return [future.result() for future in futures]

    def door(self, host: str, port: int) -> int:
        """The loopback port on the engine's machine that leads to an app; made when first asked."""
        if (host, port) not in self._doors:
            self._door_network = self._door_network or create_network(self.session, private=False)
            plan = Plan(
                image=images.IMAGES["probe"].tag,
                name=self.session.object_name(f"door-{host}-{port}"),
                labels=self.session.labels("door", host),
                network=self._door_network,
                aliases=[f"door-{host}"],
                command=["python", "/opt/probe/forward.py", host, str(port)],
                publish=8080,
            )
            container = Container.create(plan)
            container.join(self.network)
            container.start()
            self.probe.wait_http(f"http://{container.name}:8080/", seconds=DOOR_SECONDS)
            self._doors[host, port] = container.published()
        return self._doors[host, port]

    # The end

    def create(self, plan: Plan) -> Container:
        """Create a container of this lab, so that `clear` knows it."""
        container = Container.create(plan)
        self._containers.append(container)
        return container

    def clear(self) -> None:
        """Remove the apps and services, and keep the network and the probe for the next ones."""
        going, self._containers = self._containers, []
        for container in going:  # one at a time: see engine/cleanup.py, `_remove`
            container.remove()
        self._names.clear()
        self.secrets.clear()
        self.services.clear()

    def close(self) -> None:
        """Remove everything this lab created. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        if _open.get(self.session.lesson) is self:
            del _open[self.session.lesson]
        with suppress(NotReady):
            self._probe.result().close()
        self._pool.shutdown(wait=True)
        with suppress(NotReady):  # the engine is gone, and all of it with the engine
            remove_session(self.session.id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def __repr__(self) -> str:
        return f"<Lab {self.session.lesson}{' (closed)' if self._closed else ''}>"

    def forget(self, name: str) -> None:
        """Let the name of a removed app be given to the next one."""
        with self._lock:
            self._names.discard(name)

    def _fresh(self, name: str) -> str:
        """`name`, or `name-2`, `name-3` … when this lab has used it already."""
        self._require_open()
        with self._lock:
            chosen, number = name, 1
            while chosen in self._names:
                number += 1
                chosen = f"{name}-{number}"
            self._names.add(chosen)
            return chosen
