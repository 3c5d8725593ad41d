"""What every part of a lab stands in: one private network with a probe, and the names, secrets and
containers of whatever is put there. The parts take this, and know nothing of the lab that holds them."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from contextvars import copy_context
from itertools import chain, count
from typing import TypeVar

from factorlab.engine.cleanup.labels import Session
from factorlab.engine.cleanup.sweep import remove_session
from factorlab.engine.container.container import Container
from factorlab.engine.container.network import addresses, create_network, create_volume
from factorlab.engine.container.plan import APP_MEMORY_MIB, Limits, Plan
from factorlab.engine.images.course_images import IMAGES
from factorlab.errors import FactorLabError, NotReady
from factorlab.lab.probe import Probe

T = TypeVar("T")
AT_ONCE = 8
"""How many slow things are done side by side."""


class Network:
    """A private network on the engine, its volume for mounted files, and its probe.

    Raises NotReady when the engine cannot make it; nothing is left behind then.
    """

    def __init__(self, session: Session, *, untrusted: bool = False) -> None:
        self.session = session
        self.untrusted = untrusted
        """Whether its apps come from strangers: read-only root, a user without a name."""
        self.memory_mib, self.capable = APP_MEMORY_MIB, False
        """What each app gets: memory, and whether it has the engine's usual capabilities."""
        self.secrets: list[str] = []
        """The passwords of its services: what must not be found in an image."""
        self.ports: dict[tuple[str, int], int] = {}
        """The loopback ports that lead into it, by host and port: see `routing/browser_port`."""
        self.closed = False
        """Whether `close()` was called."""
        self._gone, self._outside = False, ""
        self._containers: list[Container] = []
        self._names: set[str] = set()
        self._lock, self._closing = threading.Lock(), threading.Lock()
        try:
            self.name = create_network(session)
            """What the engine calls it."""
            self.volume = create_volume(session)
            """What the engine calls the volume that apps see as /run/secrets."""
            self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="factorlab")
            self._probe: Future[Probe] = self._pool.submit(Probe, session, self.name, self.volume)
        except BaseException:  # an interrupt, too, leaves nothing behind
            with suppress(NotReady):
                remove_session(session.id)
            raise

    @property
    def alive(self) -> bool:
        """Whether it is open and its probe answers."""
        return not self.closed and self._probe.result().alive

    @property
    def probe(self) -> Probe:
        """The container inside it that sends this lab's requests."""
        self.require_open()
        return self._probe.result()

    @property
    def outside(self) -> str:
        """What the engine calls the second network of this lab, which may publish ports on
        loopback; made when it is first asked for."""
        self._outside = self._outside or create_network(self.session, private=False)
        return self._outside

    def require_open(self) -> None:
        """Raise FactorLabError once it is closed."""
        if self.closed:
            raise FactorLabError(
                f"The lab '{self.session.lesson}' is closed.",
                next="run the cell that makes the lab again, then the cells below it.",
            )

    # Names

    def fresh(self, name: str) -> str:
        """`name`, or `name-2`, `name-3` … when this lab has used it already."""
        self.require_open()
        with self._lock:
            names = chain([name], (f"{name}-{number}" for number in count(2)))
            chosen = next(each for each in names if each not in self._names)
            self._names.add(chosen)
            return chosen

    def forget(self, name: str) -> None:
        """Let the name of a removed app be given to the next one."""
        with self._lock:
            self._names.discard(name)

    def who(self, address: str) -> str:
        """The name of the container that has this address now; the address itself when none has."""
        name = addresses(self.name).get(address, address)
        return name.removeprefix(self.session.object_name(""))

    # Containers

    def plan(self, image: str, role: str, name: str, limits: Limits) -> Plan:
        """A container of one of the course's images, found in the network as `name`; `role` says
        what it is for."""
        return Plan(
            image=IMAGES[image].tag,
            name=self.session.object_name(name),
            labels=self.session.labels(role, name),
            network=self.name,
            aliases=[name],
            limits=limits,
        )

    def create(self, plan: Plan) -> Container:
        """Create a container of this lab, so that `clear` knows it."""
        container = Container.create(plan)
        self._containers.append(container)
        return container

    # Side by side

    def together(self, *calls: Callable[[], T]) -> list[T]:
        """Do several slow things side by side; results in the order of the calls. All have ended
        when it returns, or raises what the first of them raised. Each runs in a copy of the
        caller's context, which tells of what experiment it is a part."""
        futures = [self.begin(call) for call in calls]
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

    def clear(self) -> None:
        """Remove the apps and services, and keep the network and the probe for the next ones."""
        for container in list(self._containers):  # one at a time: see engine/cleanup/sweep.py
            container.remove()
            self._containers.remove(container)
        self._names.clear()
        self.secrets.clear()

    def close(self) -> None:
        """Remove everything of this lab. Closing twice is fine; if the first was interrupted, the
        second does the rest."""
        self.closed = True
        with self._closing:
            if self._gone:
                return
            with suppress(FactorLabError):  # a probe that never came up
                self._probe.result().close()
            self._pool.shutdown(wait=True)
            with suppress(NotReady):  # the engine is gone, and all of it with the engine
                remove_session(self.session.id)
            self._gone = True
