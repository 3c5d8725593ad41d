"""One column of a panel, as data; and the states of apps and services in words."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from factorlab.display.shown import printable
from factorlab.errors import FactorLabError, NoAnswer, NotReady
from factorlab.lab import App
from factorlab.lab.services.base import Service

LOG_LINES = 12
ANSWERS_KEPT = 6
WAITING = 3
"""Requests of one side that may be on their way at the same time."""
TEXT_SHOWN = 5000
"""Characters of an answer: all of a page of metrics."""


class Side:
    """One column: a variant, its environment, its replicas and what they answered."""

    def __init__(self, variant: str, env: Mapping[str, str]) -> None:
        self.variant = variant
        self.env = dict(env)
        self.apps: list[App] = []
        self.answers: list[dict[str, str]] = []
        self.states: dict[str, str] = {}
        self.image = self.log = self.doing = self.message = ""
        self.built = ""
        """What the last build said, if it failed."""
        self.lock = threading.Lock()
        self._turn = self._waiting = 0
        self._counting = threading.Lock()

    def up(self) -> list[App]:
        """Its replicas that run."""
        return [app for app in self.apps if app.state.status == "running"]

    def some_up(self, action: str) -> list[App]:
        """Those that run. Raises FactorLabError when none does, so that `action` has no object."""
        if not self.apps:
            raise FactorLabError(f"There is no container to {action}.", next="press Start first.")
        if not (apps := self.up()):
            raise FactorLabError(
                f"There is nothing to {action}: what was here has ended.",
                next="press Restart for the same container again, or Start for a new one.",
            )
        return apps

    def next(self) -> App:
        """The replica whose turn it is to be asked: those that run, as long as any does. Raises
        FactorLabError when there is none at all."""
        apps = self.up() or self.apps
        if not apps:
            raise FactorLabError("Nothing runs here to send it to.", next="press Start first.")
        with self._counting:
            self._turn += 1
            return apps[(self._turn - 1) % len(apps)]

    @contextmanager
    def at_work(self, doing: str) -> Iterator[None]:
        """One command at a time: what it is `doing` is said until the end of the `with` block,
        however that comes."""
        with self.lock:
            self.doing, self.message = doing, ""
            try:
                yield
            finally:
                self.doing = ""

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A request is on its way until the end of the `with` block. Raises FactorLabError when
        as many are as one side may have."""
        with self._counting:
            if self._waiting >= WAITING:
                raise FactorLabError(
                    f"{self._waiting} requests are on their way already.",
                    next="wait for an answer, or end who owes it: press Kill.",
                )
            self._waiting += 1
        try:
            yield
        finally:
            with self._counting:
                self._waiting -= 1

    def keep(self, answer: dict[str, str]) -> None:
        """Put an answer at the end of those that are shown."""
        with self._counting:
            self.answers = [*self.answers[1 - ANSWERS_KEPT :], answer]

    def read_log(self) -> None:
        """Read the last lines of its replicas, or of a build that failed."""
        apps = list(self.apps)
        self.log = self.built or "\n".join(
            f"{app.name} | {line}" if len(apps) > 1 else line
            for app in apps
            for line in printable(app.logs(tail=LOG_LINES)).splitlines()
        )

    def as_dict(self) -> dict[str, Any]:
        """The column as the page draws it."""
        return {
            "name": self.variant,
            "env": [[name, value] for name, value in self.env.items()],
            "apps": [{"name": name, "state": state} for name, state in self.states.items()],
            "image": self.image.removeprefix("sha256:")[:12],
            "answers": list(self.answers),
            "log": self.log,
            "doing": self.doing,
            "waiting": self._waiting,
            "message": self.message,
        }


def answer(app: App, method: str, path: str, body: Any) -> str:
    """What an app answers, for a page: status and text, or why and after how long there is none."""
    began = time.monotonic()
    try:
        response = app.request(method, path, json_body=body)
        said = f"{response.status_code} {response.text}"
    except NoAnswer as error:
        said = error.what.removeprefix(f"{method} {path} ")  # it stands before it on the page
        if (waited := time.monotonic() - began) >= 1:
            said = f"{said.removesuffix('.')} after {waited:.0f} s."
    said = printable(said)
    if (more := len(said) - TEXT_SHOWN) > 0:
        return f"{said[:TEXT_SHOWN]} … and {more:,} more characters"
    return said


def words(app: App) -> str:
    """The state of an app in words: `running`, `paused`, `ended, exit code 137`."""
    state = app.state
    if state.exit_code is None:
        return state.status
    return f"ended, exit code {state.exit_code}{' (out of memory)' if state.oom_killed else ''}"


def holds(service: Service) -> str:
    """What is in it; nothing while it cannot say so, as when it is just starting."""
    try:
        return service.holds()
    except NotReady:
        raise
    except FactorLabError:
        return ""
