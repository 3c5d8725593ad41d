"""One running app: a container of the learner's code, and everything one does to it."""

import time
from typing import TYPE_CHECKING, Any

from factorlab.display import Span, working
from factorlab.engine.builds import Build
from factorlab.engine.containers import Container, State
from factorlab.errors import NotStarted
from factorlab.lab.asked import Asked
from factorlab.lab.contained import Contained

if TYPE_CHECKING:
    from factorlab.lab.lab import Lab

READY_SECONDS = 20
GRACE_SECONDS = 10
"""What `docker stop` gives a container between SIGTERM and SIGKILL."""


class App(Asked, Contained):
    """A container of one image with one environment; made by `Lab.run`."""

    def __init__(
        self, lab: "Lab", name: str, build: Build, container: Container, env: dict[str, str],
        host: str, port: int, ready: str,
    ) -> None:  # fmt: skip
        self.name = name
        self.build = build
        self.env = env
        """The environment variables it was created with. They are fixed for its whole life."""
        self.seconds_to_ready: float | None = None
        """From start to the first response, or None while there was none."""
        self.history: list[Span] = []
        """When it was starting and when it was stopping, in seconds of `time.monotonic`."""
        self._lab, self._container = lab, container
        self.host, self._ready = host, ready
        self.port = port

    @property
    def image_id(self) -> str:
        """The id of the image it was made from (`sha256:…`): the bytes, not the name."""
        return self.build.id

    @property
    def state(self) -> State:
        """What the engine says about it now."""
        return self._container.state()

    @property
    def exit_code(self) -> int | None:
        """The status it ended with, or None while it runs."""
        return self.state.exit_code

    @property
    def address(self) -> str:
        """Its IP address inside the lab's network. It may be another one after a start."""
        return self._container.address(self._lab.network)

    def start(self, wait: bool = True) -> "App":
        """Start it (again) and wait until it answers. Raises NotStarted when it does not."""
        began = time.monotonic()
        self._container.start()
        if wait:
            self.wait_ready(began)
            self.history.append(Span(began, time.monotonic(), "starting"))
        return self

    def stop(self, grace: float = GRACE_SECONDS) -> int | None:
        """SIGTERM, then SIGKILL after `grace` seconds; returns the exit code."""
        began = time.monotonic()
        self._container.stop(grace)
        self.history.append(Span(began, time.monotonic(), "stopping"))
        return self.exit_code

    def restart(self, grace: float = GRACE_SECONDS) -> "App":
        """Stop, then start the same container: same image, same environment, same files."""
        self.stop(grace)
        return self.start()

    def kill(self, signal: str = "SIGKILL") -> int | None:
        """Send a signal to process 1; after SIGKILL, returns the exit code (137)."""
        self._container.kill(signal)
        return self._container.wait(5) if signal == "SIGKILL" else None

    def wait(self, seconds: float = 10) -> int | None:
        """The exit code once it has ended by itself, or None if it still runs after that time."""
        return self._container.wait(seconds)

    def remove(self) -> None:
        """Kill and remove the container; its logs and files go with it."""
        self._container.remove()
        self._lab.forget(self.name)

    def inspect(self) -> dict[str, Any]:
        """The engine's record of it, as `docker inspect` prints it."""
        return self._container.inspect()

    def exec(self, *command: str) -> tuple[int, str]:
        """Run a command inside it; returns exit code and output."""
        return self._container.exec(command)

    def wait_ready(self, began: float | None = None) -> None:
        """Wait until it answers, at most 20 seconds from `began` (a time of `time.monotonic`;
        default: now). Raises NotStarted with its last lines when it does not."""
        began = time.monotonic() if began is None else began
        deadline = began + READY_SECONDS
        with working(f"waiting for '{self.name}' to answer"):
            while time.monotonic() < deadline:
                if self._lab.probe.wait_http(self.url + self._ready, seconds=0.4):
                    self.seconds_to_ready = time.monotonic() - began
                    return
                if self.exit_code is not None:
                    break
        raise self.not_started()

    def not_started(self) -> NotStarted:
        """The error that says how it ended, or that it runs and does not answer."""
        state, last = self.state, self.logs(tail=12)
        if state.exit_code is None:
            what = f"'{self.name}' runs, but did not answer within {READY_SECONDS} s."
            hint = (
                f"it must listen on 0.0.0.0:{self.port}, not on 127.0.0.1 or another port; "
                "read its last lines above."
            )
        else:
            why = " (out of memory)" if state.oom_killed else ""
            what = f"'{self.name}' ended before it answered: exit code {state.exit_code}{why}."
            hint = "read its last lines above; `wait=False` starts it without waiting."
        return NotStarted(
            what, why=last or "(it wrote nothing)", next=hint, logs=last, exit_code=state.exit_code
        )

    def __repr__(self) -> str:
        return f"<App {self.name}: {self.state.status}>"
