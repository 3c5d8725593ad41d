"""The panel of a lesson: its variants side by side, with buttons for what one does to them."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import traitlets

from factorlab.display import Comparison, Shown
from factorlab.lab import Lab
from factorlab.panels.board import Board
from factorlab.panels.widget import Widget

LOOK_SECONDS = 1.0
COMMANDS_AT_ONCE = 16
"""More than the requests that may wait in four columns, so that a Kill need not wait for them."""


class Panel(Widget):
    """Variants side by side, live: source, environment, Start, Stop, Kill, Restart, replicas,
    requests, logs, backing services, and a timeline of what happened.

    In a page without widgets it is a table. It ends with its lab.
    """

    _esm = Path(__file__).with_name("panel.js")
    _css = Path(__file__).with_name("panel.css")
    view = traitlets.Dict().tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)
    sources = traitlets.Dict().tag(sync=True)
    requests: traitlets.List[dict[str, str]] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        lab: Lab,
        variants: tuple[str, ...],
        env: Mapping[str, str],
        comparison: Comparison | None = None,
        requests: list[dict[str, str]] | None = None,
    ) -> None:
        self._showing = threading.Lock()
        self.board = Board(lab, variants, env, self._show)
        super().__init__(
            view=self.board.snapshot(),
            source=comparison.to_html() if comparison else "",
            sources=self.board.sources(),
            requests=requests or [],
        )
        self._pool = ThreadPoolExecutor(COMMANDS_AT_ONCE, thread_name_prefix="panel")
        self._watching: threading.Thread | None = None
        self.on_msg(self._take)

    @property
    def twin(self) -> Shown:
        """What stands for it where no widget runs."""
        return self.board

    def _take(self, _: Any, command: Any, buffers: Any) -> None:
        """A message of the page, on the kernel's thread: pass it on and come back at once."""
        if isinstance(command, dict):
            self._pool.submit(self._do, command)

    def _do(self, command: dict[str, Any]) -> None:
        self._safely(lambda: self.board.do(command))
        with self._showing:
            if self.board.busy and not (self._watching and self._watching.is_alive()):
                self._watching = threading.Thread(
                    target=self._watch, daemon=True, name="panel-watch"
                )
                self._watching.start()

    def _safely(self, work: Callable[[], None]) -> bool:
        """Whether it went well. If not, the page says why: nobody reads how a thread ends."""
        try:
            work()
        except Exception as error:
            if self.board.lab.closed:
                self.board.end()
            else:
                self.board.say(str(error) or repr(error))
            return False
        return True

    def _watch(self) -> None:
        """Look once a second, for as long as the lab is open and there is something to see."""
        pause = threading.Event()
        while self.board.busy and not self.board.lab.closed:
            if not self._safely(self.board.look):
                return
            pause.wait(LOOK_SECONDS)
        if self.board.lab.closed:
            self.board.end()

    def _show(self) -> None:
        with self._showing:  # one at a time: what is sent last is the latest
            self.view = self.board.snapshot()
