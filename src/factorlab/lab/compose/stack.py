"""The services of a Compose file, running: started in the order and on the conditions that it names.

The lab reads the file as Compose does and runs it under its own limits; no Compose is needed.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from factorlab.display import Table
from factorlab.engine.build.build import Build
from factorlab.engine.container.container import Container, State
from factorlab.engine.container.plan import Limits, Plan
from factorlab.errors import FactorLabError
from factorlab.lab.apps.app import App
from factorlab.lab.apps.process import plan
from factorlab.lab.compose.lab_rules import COMPLETED, HEALTHY, Project, Service
from factorlab.lab.network import Network
from factorlab.lab.services.base import KINDS
from factorlab.lab.services.base import Service as BackingService
from factorlab.waiting import until

PORT = 8000
UP_SECONDS = 60


class Stack:
    """The containers of one project; made by `Lab.compose`.

    With `held`, every PostgreSQL stays in its start, as one does that has much to recover after
    a crash: it takes connections only to refuse them, until `release()`.
    """

    def __init__(
        self,
        network: Network,
        project: Project,
        build: Callable[[], Build],
        held: bool = False,
    ) -> None:
        self.project, self.held = project, held
        self._network, self._build = network, build
        self._containers: dict[str, Container] = {}
        self._names: dict[str, str] = {}
        self.given_up: dict[str, str] = {}
        """Services that can no longer be started, and why."""

    def up(self, seconds: float = UP_SECONDS) -> "Stack":
        """Start all services, each as soon as the conditions of its `depends_on` are met; returns
        when each is started or given up, at the latest after these seconds."""
        until(
            lambda: not self.step(),
            seconds,
            every=0.1,
            doing="starting the services of the Compose file",
        )
        return self

    def step(self) -> bool:
        """Start what can be started now; whether a service still waits for its turn."""
        for service in self._waiting():
            if self._may_start(service):
                container = self._create(service)
                self._containers[service.name] = container
                container.start()
        return bool(self._waiting())

    def down(self) -> None:
        """Remove all its containers, with all that is in them."""
        for name, container in self._containers.items():
            container.remove()
            self._network.forget(self._names[name])
        self._containers.clear()
        self.given_up.clear()

    def state(self, name: str) -> State:
        """What the engine says about a service now; its status is `waiting` before its start."""
        if name in self._containers:
            return self._containers[name].state()
        return State("waiting", None)

    def states(self) -> Table:
        """All services: what each does now, how it ended, and how often it was started again."""
        rows = []
        for name in self.project.services:
            state = self.state(name)
            status = self.given_up.get(name) or state.health or state.status
            ended = "" if state.exit_code is None else state.exit_code
            rows.append((name, status, ended, state.restarts))
        return Table(("service", "state", "exit code", "restarts"), rows)

    def logs(self, name: str, tail: int | None = None) -> str:
        """What a service wrote, or its last lines; empty before its start."""
        container = self._containers.get(name)
        return container.logs(tail=tail) if container else ""

    def ready(self, name: str = "app", seconds: float = UP_SECONDS, path: str = "/") -> bool:
        """Wait until a service answers a request without an error, at most these seconds (or four
        times as many on an overloaded machine); False at once when it has ended for good."""

        def fate() -> str:
            self.step()
            if self.answers(name, path):
                return "answers"
            ended = name in self.given_up or self.state(name).status == "exited"
            return "ended" if ended else ""

        patient, doing = self._network.probe.patient, f"waiting for '{name}' to answer"
        return until(fate, seconds, every=0.1, longer=patient, doing=doing) == "answers"

    def answers(self, name: str = "app", path: str = "/") -> bool:
        """Whether a service answers a request now, and without an error."""
        if name not in self._containers:
            return False
        try:
            return self.app(name).get(path, seconds=3).is_success
        except FactorLabError:
            return False

    def app(self, name: str = "app") -> App:
        """A service that is built, to send requests to."""
        service = self.project.services.get(name)
        if service is None or name not in self._containers:
            raise FactorLabError(
                f"The service '{name}' is not started.", next="look at the table of `states()`."
            )
        container, env = self._containers[name], dict(service.env)
        return App(self._network, name, self._build(), container, env, name, PORT, "/")

    def release(self) -> None:
        """Let the held databases finish their start. One that has not come to the place where it
        is held is waited for."""
        deadline = time.monotonic() + UP_SECONDS
        for name, service in self.project.services.items():
            if service.kind:
                released = partial(self._released, name, KINDS[service.kind])
                until(released, deadline - time.monotonic(), every=0.2)
        self.held = False

    def _released(self, name: str, kind: type[BackingService]) -> bool:
        running = self.state(name).status == "running"
        return not running or kind.release(self._containers[name])

    def attempts(self, name: str = "app") -> int:
        """How often a service has asked a held database for a connection since its last start."""
        if name not in self._containers:
            return 0
        address = self._containers[name].address(self._network.name)
        return sum(
            KINDS[service.kind].attempts(self.logs(other), address)
            for other, service in self.project.services.items()
            if address and service.kind
        )

    def health_checks(self, name: str) -> int:
        """How many health checks of a service have run; the engine remembers five at most."""
        if name not in self._containers:
            return 0
        health = self._containers[name].inspect()["State"].get("Health") or {}
        return len(health.get("Log") or [])

    def rows(self, name: str) -> int:
        """How many rows the tables of a database of the project hold, all together."""
        service = self.project.services[name]
        return KINDS[service.kind].composed_count(self._network.probe, name, service.env)

    def _waiting(self) -> list[Service]:
        return [
            service
            for name, service in self.project.services.items()
            if name not in self._containers and name not in self.given_up
        ]

    def _may_start(self, service: Service) -> bool:
        for other, condition in service.needs.items():
            state = self.state(other)
            if other in self.given_up:
                self.given_up[service.name] = f"not started: {other} was not started"
            elif condition == HEALTHY and (state.health == "unhealthy" or state.status == "exited"):
                self.given_up[service.name] = f"not started: {other} is {state.health or 'exited'}"
            elif condition == COMPLETED and state.exit_code not in (None, 0):
                self.given_up[service.name] = f"not started: {other} failed"
        return service.name not in self.given_up and all(
            self._is_met(other, condition) for other, condition in service.needs.items()
        )

    def _is_met(self, name: str, condition: str) -> bool:
        state = self.state(name)
        if condition == HEALTHY:
            return state.health == "healthy"
        if condition == COMPLETED:
            return state.exit_code == 0
        return name in self._containers

    def _create(self, service: Service) -> Container:
        own = self._names[service.name] = self._network.fresh(service.name)
        if service.kind:
            made = self._of_image(service, own)
        else:
            made = plan(self._network, self._build(), own, service.env, command=service.command)
        return self._network.create(
            replace(
                made,
                aliases=[service.name],
                upkeep=service.upkeep,
                entrypoint=made.entrypoint or service.entrypoint,
            )
        )

    def _of_image(self, service: Service, own: str) -> Plan:
        kind, limits = KINDS[service.kind], Limits(memory_mib=512, cpus=1, processes=256)
        plan = self._network.plan(kind.image, "compose service", own, limits)
        made = replace(plan, image=service.ours(), env=service.env)
        return kind.composed_plan(made, service.command or (), self.held)

    def __repr__(self) -> str:
        return f"<Stack of {', '.join(self.project.services)}>"
