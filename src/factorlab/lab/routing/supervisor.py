"""The part of a platform that looks after replicas: it asks, it restarts, it routes.

Lesson 13 prints the class in full, so it stays short enough to be read in one go.
"""

import time
from collections import Counter
from collections.abc import Sequence

from factorlab.errors import NoAnswer
from factorlab.lab.apps.app import App
from factorlab.lab.routing.router import Router


class Supervisor:
    """Looks after replicas in rounds. In each round, every replica is asked once:

    `live`: after `misses` wrong answers in a row it is restarted. Until its first right answer
    it may miss `boot` times; without `boot`, `misses` times.
    `ready`: the router gets the list of those that answered 2xx in this round.

    An empty path is never asked. An answer later than `seconds` is a wrong one. A round lasts
    at least `every` seconds.
    """

    def __init__(
        self,
        router: Router,
        apps: Sequence[App],
        *,
        live: str = "",
        ready: str = "",
        misses: int = 3,
        boot: int = 0,
        seconds: float = 2,
        every: float = 0.3,
    ) -> None:
        self.router, self.apps, self.live, self.ready = router, list(apps), live, ready
        self.misses, self.boot, self.seconds, self.every = misses, boot, seconds, every
        self.restarts = 0
        self._missed: Counter[App] = Counter()
        self._up: set[App] = set()
        self._routed: list[str] | None = None

    def round(self) -> None:
        """Ask every replica once, and do what the answers call for."""
        began = time.monotonic()
        for app in self.apps:
            if self.live:
                self._look_at(app)
        ready = [app for app in self.apps if self._is_ready(app)]
        if self._routed != (now := [app.address for app in ready]):
            self.router.point_at(ready)
            self._routed = now
        time.sleep(max(0, began + self.every - time.monotonic()))

    def _look_at(self, app: App) -> None:
        if self._answers(app, self.live):
            self._missed[app] = 0
            self._up.add(app)
            return
        self._missed[app] += 1
        allowed = self.misses if app in self._up else self.boot or self.misses
        if self._missed[app] >= allowed:
            app.stop(grace=1)
            app.start(wait=False)
            self.restarts += 1
            self._missed[app] = 0
            self._up.discard(app)

    def _is_ready(self, app: App) -> bool:
        if not self.ready:
            return app.state.status == "running"
        return self._answers(app, self.ready)

    def _answers(self, app: App, path: str) -> bool:
        try:
            return app.get(path, seconds=self.seconds).is_success
        except NoAnswer:
            return False
