"""One running app: a container of the learner's code, and everything one does to it."""

import time

from factorlab.display import Span, working
from factorlab.engine.build.build import Build
from factorlab.engine.container.container import Container
from factorlab.engine.container.execution import EXEC_SECONDS
from factorlab.errors import NotStarted
from factorlab.lab.apps.cpu import COMPUTES
from factorlab.lab.apps.http import Endpoint
from factorlab.lab.apps.one_off import OneOff, run_once
from factorlab.lab.apps.process import GRACE_SECONDS, Process
from factorlab.lab.apps.reachability import knock, listens, wait_listens
from factorlab.lab.network import Network
from factorlab.lab.probe import PATIENCE
from factorlab.waiting import until

READY_SECONDS = 20


def patience(began: float, least: float) -> float:
    """How long one try to reach an app may take that was started at `began`: short at first, so
    that an end is noticed soon; longer where the machine is busy, up to 3 seconds."""
    return min(3.0, max(least, (time.monotonic() - began) / 4))


class App(Endpoint, Process):
    """A container of one image with one environment; made by `Lab.run`."""

    def __init__(
        self,
        network: Network,
        name: str,
        build: Build,
        container: Container,
        env: dict[str, str],
        host: str,
        port: int,
        ready: str,
    ) -> None:
        super().__init__(network, name, build, container, env)
        self.seconds_to_ready: float | None = None
        """From start to the first response, or None while there was none."""
        self.history: list[Span] = []
        """When it was starting and when it was stopping, in seconds of `time.monotonic`."""
        self.host, self._ready = host, ready
        self.port = port
        self._used = 0.0

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
        code = super().stop(grace)
        self.history.append(Span(began, time.monotonic(), "stopping"))
        return code

    def restart(self, grace: float = GRACE_SECONDS) -> "App":
        """Stop, then start the same container: same image, same environment, same files."""
        self.stop(grace)
        return self.start()

    def restart_policy(self, name: str) -> None:
        """Tell the engine when to start it again by itself: `no`, `on-failure`, `always`."""
        self._container.restart_policy(name)

    def wait_health(self, wanted: str, seconds: float = 60) -> str:
        """Wait until the engine says this of its HEALTHCHECK (`healthy`, `unhealthy`), at most
        these seconds; what it says then. Empty where the image has no HEALTHCHECK."""
        return until(
            lambda: self.state.health,
            seconds,
            enough=lambda now: now in ("", wanted) or self.exit_code is not None,
            every=0.1,
            doing=f"waiting until '{self.name}' is {wanted}",
        )

    def exec(self, *command: str, seconds: float = EXEC_SECONDS) -> tuple[int, str]:
        """Run a command inside it; returns exit code and output. Raises Endless when it takes more
        than `seconds` (120) or writes more than 16 million bytes."""
        return self._container.exec(command, seconds)

    def once(self, *command: str, wait: bool = True) -> OneOff:
        """Run a command in a new container of the same image with the same environment, as a
        one-off process of this release, and wait until it ends. Raises NotStarted when there is
        no such command."""
        return run_once(self._network, self.build, self.name, command, env=self.env, wait=wait)

    def listens(self) -> list[str]:
        """The addresses and ports that it listens on, such as `0.0.0.0:8000`; waits until there
        is one, at most 20 seconds."""
        wait_listens(self)
        return listens(self)

    def knock(self) -> dict[str, str]:
        """Send one GET request from inside its container, one from a sibling in its network, and
        one from this machine through a published port: the status that each got, or the reason
        for no answer. Waits until it listens."""
        return knock(self, self._ready)

    def diff(self) -> list[str]:
        """What is different in it from its image, as `docker diff` tells it: a letter (`A` added,
        `C` changed, `D` deleted) and a path, one for each file and folder."""
        return self._container.changes()

    def wait_ready(self, began: float | None = None) -> None:
        """Wait until it answers, at most 20 seconds from `began` (a time of `time.monotonic`;
        default: now), or 80 while the machine is overloaded. Raises NotStarted with its last lines
        when it does not."""
        if not self.comes_up(began):
            raise self.not_started()

    def comes_up(self, began: float | None = None) -> bool:
        """Wait until it answers or ends, as long as `wait_ready` does: whether it answers."""
        began = time.monotonic() if began is None else began
        with working(f"waiting for '{self.name}' to answer"):
            while self.may_still_answer(time.monotonic() - began):
                if self._network.probe.wait_http(self.url + self._ready, patience(began, 0.5)):
                    self.seconds_to_ready = time.monotonic() - began
                    return True
                if self.exit_code is not None:
                    break
        return False

    def may_still_answer(self, waited: float) -> bool:
        """Whether it has time left to answer, after so many seconds. An overloaded machine gives it
        more, and so does a start that still computes: who is kept from the cores has not had these
        seconds before it has used as many of them. Four times the time is the end."""
        if waited < READY_SECONDS / 2:
            return True
        before, self._used = self._used, self.cpu_seconds
        if self._network.probe.patient(waited, READY_SECONDS):
            return True
        computes = before + COMPUTES <= self._used < READY_SECONDS
        return computes and waited < PATIENCE * READY_SECONDS

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
