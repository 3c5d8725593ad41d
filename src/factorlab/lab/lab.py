"""A lab: one private network with a probe in it, and the apps and services one puts there."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from contextvars import copy_context
from itertools import chain, count
from types import TracebackType
from typing import Self, TypeVar, Unpack, overload

from factorlab.engine.build.build import Build
from factorlab.engine.cleanup.labels import Session
from factorlab.engine.cleanup.sweep import remove_session
from factorlab.engine.cleanup.watchdog import watch
from factorlab.engine.container.container import Container
from factorlab.engine.container.network import addresses, create_network, create_volume
from factorlab.engine.container.plan import Plan
from factorlab.engine.images import course_images
from factorlab.errors import FactorLabError, NotReady
from factorlab.lab.apps.app import App
from factorlab.lab.apps.one_off import OneOff
from factorlab.lab.apps.process import How, as_text, plan
from factorlab.lab.images import Images
from factorlab.lab.probe import Probe
from factorlab.lab.routing.browser_port import Doors
from factorlab.lab.routing.cuttable_line import Cut
from factorlab.lab.routing.router import Router
from factorlab.lab.services.base import Service
from factorlab.lab.services.git_repository import Repository
from factorlab.lab.services.redis import Redis
from factorlab.lab.services.servers import Servers

S = TypeVar("S", bound=Service)
T = TypeVar("T")
PORT = 8000
"""Where an app is asked that was told no port."""

_open: dict[str, "Lab"] = {}


class Lab(Images, Servers):
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
        self.memory_mib, self.capable = 256, False
        """What each app gets: memory, and whether it has the engine's usual capabilities."""
        self.secrets: list[str] = []
        """The passwords of its services: what must not be found in an image."""
        self.services: list[Service] = []
        """Those that were asked for by name, in that order; not those that checks make."""
        self._containers: list[Container] = []
        self._names: set[str] = set()
        self._lock, self._closing = threading.Lock(), threading.Lock()
        self.doors = Doors(self)
        self._begin_building()
        self._closed = self._gone = False
        course_images.require()
        watch()
        if not untrusted and (previous := _open.get(lesson)):
            previous.close()
        try:
            self.network = create_network(self.session)
            self.volume = create_volume(self.session)
            self._pool = ThreadPoolExecutor(8, thread_name_prefix="factorlab")
            self._probe: Future[Probe] = self._pool.submit(
                Probe, self.session, self.network, self.volume
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

    # What apps lean on

    def cut(self, service: Redis) -> Cut:
        """Start a line to a Redis that can be cut between two commands; apps use its `url`."""
        return Cut(self, self._fresh(f"{service.name}-line"), service)

    def repository(self, name: str = "repository") -> Repository:
        """Make an empty git repository in a container of its own."""
        return Repository(self, self._fresh(name))

    # Apps

    @overload
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: None = None,
        **how: Unpack[How],
    ) -> App: ...
    @overload
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: int,
        **how: Unpack[How],
    ) -> list[App]: ...
    def run(
        self,
        variant: str,
        *,
        env: Mapping[str, str] | None = None,
        name: str | None = None,
        wait: bool = True,
        replicas: int | None = None,
        **how: Unpack[How],
    ) -> App | list[App]:
        """Start a variant of this lesson's app with this environment and wait until it answers; or
        what a tag of this lab or an image id means (see `image`).

        With `replicas`, start that many side by side and return a list; all answer to `name`.
        With `wait=False`, return at once: a worker answers nobody. `command="python worker.py"`
        starts another process type of the image, `cpus=0.5` gives it half a core, and with
        `read_only=True` nothing but `/tmp` can be written in it. Raises NotStarted with the app's
        last lines.
        """
        built, name = self.image(variant), name or variant.partition(":")[0]
        if replicas is None:
            return self.deploy(built, name, env=env, wait=wait, **how)
        alias = self._fresh(name)
        return self.together(
            *(
                lambda number=number: self.deploy(
                    built, f"{alias}-{number}", env=env, wait=wait, group=alias, **how
                )
                for number in range(1, replicas + 1)
            )
        )

    def deploy(
        self,
        image: Build,
        name: str,
        *,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        port: int | None = None,
        ready: str = "/",
        group: str = "",
        **how: Unpack[How],
    ) -> App:
        """Start one container of a built image; `ready` is the path that is asked until it
        answers on `port`; by default on the one that its variable PORT names, or else on 8000.
        Replicas answer to the name of their `group` too. `how` it runs is other than usual where
        it is said."""
        name, env = self._fresh(name), as_text(env)
        if port is None:
            told = env.get("PORT", "")
            port = int(told) if told.isascii() and told.isdigit() else PORT
        container = self.create(plan(self, image, name, env, group=group, **how))
        app = App(self, name, image, container, env, name, port, ready)
        return app.start(wait=wait)

    def once(
        self,
        variant: str,
        *command: str,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        cpus: float = 1.0,
    ) -> OneOff:
        """Run a command in a new container of a variant's image with this environment and so much
        of the cores, and wait until it ends. Raises NotStarted when there is no such command."""
        return self.job(self.image(variant), variant, command, env=env, wait=wait, cpus=cpus)

    def job(
        self,
        image: Build,
        name: str,
        command: Sequence[str],
        *,
        cpus: float = 1.0,
        env: Mapping[str, str] | None = None,
        wait: bool = True,
        seconds: float = 60,
    ) -> OneOff:
        """Start a one-off process of a built image; with `wait`, until it ends or the seconds are
        over. Its name is derived from the app's. Raises NotStarted when there is no such command."""
        name, env = self._fresh(f"{name}-once"), as_text(env)
        container = self.create(plan(self, image, name, env, command=command, cpus=cpus))
        return OneOff(self, name, image, container, env).start(seconds if wait else 0)

    def router(
        self, *apps: App, name: str = "router", sticky: str = "", https: bool = False
    ) -> Router:
        """Start nginx in front of replicas and wait until it answers; `sticky="cookie"` sends
        the same cookies to the same replica, `sticky="set-cookie"` gives each browser a cookie
        that names its replica. With `https`, it tells the apps that its own clients came by
        https, as a router does that ends the encryption. `Router.point_at` changes the list."""
        return Router(self, self._fresh(name), https).start(apps, sticky)

    def who(self, address: str) -> str:
        """The name of the container that has this address in the lab's network now; the address
        itself when none has it."""
        name = addresses(self.network).get(address, address)
        return name.removeprefix(self.session.object_name(""))

    def mount(self, name: str, text: str) -> str:
        """Put a file where apps read it and replace it in one step, as a platform mounts and
        rotates a secret. Returns its path inside the apps: `/run/secrets/NAME`."""
        return self.probe.write_secret(name, text)

    def together(self, *calls: Callable[[], T]) -> list[T]:
        """Do several slow things side by side; results in the order of the calls. All have ended
        when it returns, or raises what the first of them raised. Each runs in a copy of the
        caller's context, which tells of what experiment it is a part."""
        futures = [self._pool.submit(copy_context().run, call) for call in calls]
        try:
            wait_for(futures)
        except BaseException:  # interrupted: what is under way ends first, so that a clearing
            for future in futures:  # up after it finds all that there is
                future.cancel()
            wait_for(futures)
            raise
        return [future.result() for future in futures]

    def begin(self, call: Callable[[], T]) -> Future[T]:
        """Do something slow beside what follows; its `result()` waits for it."""
        return self._pool.submit(copy_context().run, call)

    # The end

    def create(self, plan: Plan) -> Container:
        """Create a container of this lab, so that `clear` knows it."""
        container = Container.create(plan)
        self._containers.append(container)
        return container

    def clear(self) -> None:
        """Remove the apps and services, and keep the network and the probe for the next ones."""
        # What may be gone is forgotten first, what is there last: an interrupt leaves a lab that
        # can be used, and the next clearing removes the rest.
        self._forget_index()
        self.services.clear()
        for container in list(self._containers):  # one at a time: see engine/cleanup.py, `_remove`
            container.remove()
            self._containers.remove(container)
        self._names.clear()
        self.secrets.clear()

    def close(self) -> None:
        """Remove everything this lab created. Closing twice is fine; if the first was interrupted,
        the second does the rest."""
        self._closed = True
        with self._closing:
            if self._gone:
                return
            with suppress(FactorLabError):  # a probe that never came up
                self._probe.result().close()
            self._pool.shutdown(wait=True)
            with suppress(NotReady):  # the engine is gone, and all of it with the engine
                remove_session(self.session.id)
            self._gone = True
            if _open.get(self.session.lesson) is self:
                del _open[self.session.lesson]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
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
            names = chain([name], (f"{name}-{number}" for number in count(2)))
            chosen = next(each for each in names if each not in self._names)
            self._names.add(chosen)
            return chosen
