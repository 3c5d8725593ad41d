"""What a panel holds, without the page: variants side by side, and what one does to them.

The page (panel.js) sends commands as plain data and draws the snapshot. Whatever goes wrong with
a command becomes a message on its side; nothing is raised at the page.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from factorlab.display import Shown, Table
from factorlab.display.shown import printable
from factorlab.errors import FactorLabError, NotStarted
from factorlab.lab import App, Lab, variants
from factorlab.lab.apps.process import KILLED
from factorlab.panels import command as page
from factorlab.panels.command import Command
from factorlab.panels.side import Side, answer, holds, words

REPLICAS = 5
EVENTS_KEPT = 200
CLOSED = "The lab is closed. Run the cell that makes it, then this one."


class Board(Shown):
    """Variants of a lesson's app with their containers, for a panel.

    `on_change` is called after each change, from whatever thread made it.
    """

    def __init__(
        self,
        lab: Lab,
        variants: tuple[str, ...],
        env: Mapping[str, str],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.lab = lab
        self.sides = {variant: Side(variant, env) for variant in variants}
        self.events: list[dict[str, str]] = []
        self.services: list[dict[str, str]] = []
        self.message = ""
        self.on_change = on_change
        self._events_lock = threading.Lock()
        self._began = time.monotonic()
        self._actions: dict[str, Callable[[Side, Command], None]] = {
            "start": self._start,
            "stop": self._stop,
            "kill": self._kill,
            "restart": self._restart,
            "scale": self._scale,
        }
        self._look_at_services()

    # Commands

    def do(self, command: Command) -> None:
        """Carry out one command of the page and come back when it is done.

        `action` is start, stop, kill, restart, scale, send or edit with a `side`, or pause or
        resume with a `service`. What is unknown is said on the timeline.
        """
        action = str(command.get("action"))
        name = str(command.get("side") or command.get("service"))
        self.message = ""
        if self.lab.closed:
            self.end()
            return
        if action in ("pause", "resume"):
            self._switch_service(name, action)
        elif action == "edit" and name in self.sides:
            self._edit(self.sides[name], command)
        elif action == "send" and name in self.sides:
            self._send(self.sides[name], command)
        elif action in self._actions and name in self.sides:
            self._act(self.sides[name], action, command)
        else:
            self._add_event(name, f"there is no '{action}' here")
        try:
            self.look()
        except FactorLabError as error:  # the engine was stopped, say
            self.say(str(error))

    def _act(self, side: Side, action: str, command: Command) -> None:
        with side.at_work(page.DOING[action]):
            self.on_change()
            with self._reporting_errors(side):
                self._actions[action](side, command)
            with suppress(FactorLabError):  # without an engine, `look` says so
                side.states = {app.name: words(app) for app in side.apps}

    @contextmanager
    def _reporting_errors(self, side: Side) -> Iterator[None]:
        """What goes wrong becomes the message of the side."""
        try:
            yield
        except NotStarted as error:  # the log below holds what it wrote, or what its build did
            wrote = side.built or error.logs
            where = "Read the last lines of the log below." if wrote else "It wrote nothing."
            side.message = f"{error.what} {where}"
            self._add_event(side.variant, error.what)
        except FactorLabError as error:
            side.message = str(error)
            self._add_event(side.variant, error.what)

    def _start(self, side: Side, command: Command) -> None:
        """New containers from the image with the environment as it is on the page."""
        if "env" in command:
            side.env = page.environment(command)
        count = len(side.apps) or 1
        self._drop(side, side.apps)
        side.image = ""  # what cannot be built has none
        self._grow(side, count)

    def _grow(self, side: Side, count: int) -> None:
        side.built = ""
        try:
            image = self.lab.image(side.variant)
        except NotStarted as error:
            side.built = printable(error.logs or error.why)
            raise
        side.image = image.id
        made = self.lab.together(
            *(
                lambda: self.lab.deploy(image, side.variant, env=side.env, wait=False)
                for _ in range(count)
            )
        )
        side.apps += made
        for app in made:
            self._add_event(app.name, "started")
        self.on_change()
        for app in made:
            app.wait_ready()
            self._add_event(app.name, "answers")

    def _drop(self, side: Side, apps: list[App]) -> None:
        for app in list(apps):
            app.remove()
            side.apps.remove(app)
            self._add_event(app.name, "removed")

    def _scale(self, side: Side, command: Command) -> None:
        """More or fewer of what runs; where nothing does, as Start."""
        wanted = page.replicas(command, REPLICAS)
        if not side.apps and "env" in command:
            side.env = page.environment(command)
        self._drop(side, side.apps[wanted:])
        if wanted > len(side.apps):
            self._grow(side, wanted - len(side.apps))

    def _stop(self, side: Side, command: Command) -> None:
        for app in side.some_up("stop"):
            code = app.stop()
            how = "SIGTERM, and SIGKILL as it did not end" if code == KILLED else "SIGTERM"
            self._add_event(app.name, f"{how}: ended with exit code {code}")

    def _kill(self, side: Side, command: Command) -> None:
        """SIGKILL for the first replica that is up, so that one sees what the others do."""
        for app in side.some_up("kill")[:1]:
            self._add_event(app.name, f"SIGKILL: ended with exit code {app.kill()}")

    def _restart(self, side: Side, command: Command) -> None:
        """The same containers again, with the environment that they were created with."""
        if not side.apps:
            raise FactorLabError("There is no container to restart.", next="press Start first.")
        for app in side.apps:
            app.restart()
            self._add_event(app.name, "restarted: the same container, the same environment")

    def _send(self, side: Side, command: Command) -> None:
        """Without the side's lock: as long as the answer is on its way, whoever owes it can be
        stopped or killed."""
        side.message = ""
        with self._reporting_errors(side):
            method, path, body = page.request(command)
            asked, app = f"{method} {path}", side.next()
            with side.waiting():
                self.on_change()
                said = answer(app, method, path, body)
            side.keep({"asked": asked, "by": app.name, "said": said})
            self._add_event(app.name, f"{asked}: {said[:60]}")

    def _edit(self, side: Side, command: Command) -> None:
        """Keep changed files as a variant of the learner's own, and start it in a column of its
        own beside the original, which stays as it is."""
        base, side.message = side.variant.removeprefix(variants.MINE), ""
        try:
            files = page.changed_files(command)
            env = page.environment(command) if "env" in command else side.env
            for file, text in files.items():
                variants.save(self.lab.session.lesson, variants.MINE + base, file, text, base)
        except FactorLabError as error:
            side.message = str(error)
            return
        mine = self.sides.setdefault(variants.MINE + base, Side(variants.MINE + base, env))
        self._act(mine, "start", {"env": [*env.items()]})

    def sources(self) -> dict[str, dict[str, str]]:
        """The files of the variants that came with the lesson: variant -> file name -> text."""
        lesson = self.lab.session.lesson
        return {
            variant: {n: c.decode() for n, c in variants.given(lesson, variant).items()}
            for variant in self.sides
            if variants.read(lesson, variant) is None
        }

    def _switch_service(self, name: str, action: str) -> None:
        service = next((s for s in self.lab.services if s.name == name), None)
        if service is None:
            self._add_event(name, f"there is nothing to {action} here")
            return
        if service.state != ("running" if action == "pause" else "paused"):
            self._add_event(name, f"cannot be {action}d: it is {service.state}")
            return
        try:
            service.pause() if action == "pause" else service.unpause()
        except FactorLabError as error:
            self._add_event(name, error.what)
        else:
            self._add_event(name, f"{action}d")

    # Looking

    def look(self) -> None:
        """Read states and logs anew, put what ended by itself on the timeline, tell the page."""
        for side in list(self.sides.values()):
            if side.lock.acquire(blocking=False):  # else a command is at it, and sets the states
                try:
                    self._look_at(side)
                finally:
                    side.lock.release()
            side.read_log()
        self._look_at_services()
        self.on_change()

    def _look_at(self, side: Side) -> None:
        states = {app.name: words(app) for app in side.apps}
        for name, state in states.items():
            if side.states.get(name) == "running" and state.startswith("ended"):
                self._add_event(name, state)
        side.states = states

    def _look_at_services(self) -> None:
        self.services = [
            {"name": service.name, "state": service.state, "holds": holds(service)}
            for service in self.lab.services
        ]

    def end(self) -> None:
        """Say that the lab is closed, and all that ran in it gone."""
        for side in list(self.sides.values()):
            side.states = dict.fromkeys(side.states, "removed")
        self.services = [{**service, "state": "removed", "holds": ""} for service in self.services]
        self.say(CLOSED)

    def say(self, message: str) -> None:
        """Show a message over the whole panel, until the next command."""
        self.message = message
        self.on_change()

    def _add_event(self, who: str, what: str) -> None:
        at = f"{time.monotonic() - self._began:.1f}"
        with self._events_lock:
            self.events = [*self.events[1 - EVENTS_KEPT :], {"at": at, "who": who, "what": what}]
        self.on_change()

    @property
    def busy(self) -> bool:
        """Whether there is anything that could change by itself."""
        return any(side.apps for side in list(self.sides.values()))

    def snapshot(self) -> dict[str, Any]:
        """All that the page draws, as plain data."""
        return {
            "sides": [side.as_dict() for side in list(self.sides.values())],
            "services": self.services,
            "events": self.events,
            "message": self.message,
        }

    # The twins, where no page runs

    def _table(self) -> Table:
        rows = [
            (
                side.variant,
                ", ".join(f"{k} {v}" for k, v in side.states.items()) or "not started",
                ", ".join(side.env) or "none",
            )
            for side in self.sides.values()
        ]
        return Table(
            ("variant", "containers", "variables"),
            rows,
            "Panel",
            "Run this cell in JupyterLab or VS Code for the buttons. All that they do can be "
            "done in cells: lab.run, app.stop, app.kill, app.restart, app.get, app.post.",
        )

    def to_html(self) -> str:
        return self._table().to_html()

    def to_text(self) -> str:
        return self._table().to_text()
