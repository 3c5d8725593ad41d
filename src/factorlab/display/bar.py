"""Progress of work that takes longer than two seconds: what is being done, how far it is.

In a terminal it is one line that goes away at the end. In a notebook it is one display, updated
in place and emptied at the end. In a pipe or in CI it is one printed line. A kernel with nobody
before it (nbval, `make outputs`) shows nothing: stored outputs stay the same in every run.

Any layer may say what it does; where a bar is open already, its words join it.
"""

import contextvars
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from factorlab.display import front
from factorlab.display.shown import FONT, INK, MUTED, PAPER, escape, printable

DELAY_SECONDS = 2.0
"""Work that ends sooner shows nothing."""
REDRAW_SECONDS = 0.5


class Bar:
    """One piece of work that goes on: call it with what is done now, and how much is `done`."""

    def __init__(self, what: str, of: int | None) -> None:
        self.what, self.doing, self.done, self.of = what, "", 0, of

    def __call__(self, doing: str, done: int | None = None) -> None:
        self.doing = doing
        self.done = self.done if done is None else done


@dataclass(frozen=True)
class Drawn:
    """What a bar says at one moment. `of` is None while nobody knows how much there is."""

    text: str
    done: int
    of: int | None
    seconds: float


class Face(Protocol):
    """How bars look in one place."""

    def draw(self, now: Drawn) -> None:
        """Show this moment instead of the last."""

    def wipe(self) -> None:
        """Leave nothing behind."""


class TerminalFace:
    """One line of a terminal, by rich."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
        from rich.table import Column

        self._lines = Progress(
            SpinnerColumn(),
            TextColumn(
                "{task.description}",
                markup=False,
                table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            ),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[seconds]:.0f} s"),
            console=Console(stderr=True),
            transient=True,
            expand=True,
        )
        self._task = self._lines.add_task("", total=None, seconds=0)

    def draw(self, now: Drawn) -> None:
        self._lines.update(
            self._task,
            description=printable(now.text),
            total=now.of,
            completed=now.done,
            seconds=now.seconds,
        )
        self._lines.start()

    def wipe(self) -> None:
        self._lines.stop()


class NotebookFace:
    """One display of a notebook's cell."""

    def __init__(self) -> None:
        from IPython.display import DisplayHandle

        self._handle = DisplayHandle()
        self._shown = False

    def draw(self, now: Drawn) -> None:
        value = "" if now.of is None else f' value="{now.done}" max="{now.of}"'
        html = (
            f'<div style="{FONT};background:{PAPER};color:{INK};padding:4px 12px">'
            f'<progress{value} style="width:160px;vertical-align:middle"></progress> '
            f'{escape(now.text)} <span style="color:{MUTED}">{now.seconds:.0f} s</span></div>'
        )
        self._publish({"text/html": html, "text/plain": f"{now.text} {now.seconds:.0f} s"})

    def wipe(self) -> None:
        if self._shown:
            self._publish({})  # a display without content: nothing to see, and nothing to compare

    def _publish(self, bundle: dict[str, str]) -> None:
        publish = self._handle.update if self._shown else self._handle.display
        publish(bundle, raw=True)
        self._shown = True


class LineFace:
    """One line, once, on standard error."""

    def __init__(self) -> None:
        self._said = False

    def draw(self, now: Drawn) -> None:
        if not self._said:
            print(f"{printable(now.text)} …", file=sys.stderr, flush=True)
        self._said = True

    def wipe(self) -> None:
        """A line that is printed stays."""


def _face() -> Face | None:
    if front.in_notebook():
        return NotebookFace() if front.attended() else None
    return TerminalFace() if sys.stderr and sys.stderr.isatty() else LineFace()


_open: list[Bar] = []
_lock = threading.Lock()
_drawer: "_Drawer | None" = None


@contextmanager
def working(what: str, *, of: int | None = None) -> Iterator[Bar]:
    """Show, around work that may take long, `what` is being done, and `of` how many steps;
    the yielded bar is called with each that is done. However the work ends, the bar goes away."""
    bar = Bar(what, of)
    try:
        _begin(bar)
        yield bar
    finally:
        _end(bar)


def _begin(bar: Bar) -> None:
    global _drawer
    with _lock:
        _open.append(bar)
        _drawer = _drawer or _Drawer()


def _end(bar: Bar) -> None:
    global _drawer
    last = None
    with _lock:
        if bar in _open:  # an interrupt may come before it was
            _open.remove(bar)
        if not _open:
            last, _drawer = _drawer, None
    if last:
        last.end()


def _moment(began: float) -> Drawn:
    with _lock:
        bars = list(_open)
    texts = [f"{bar.what}: {bar.doing}" if bar.doing else bar.what for bar in bars]
    counted = next((bar for bar in bars if bar.of is not None), None)
    done, of = (counted.done, counted.of) if counted else (0, None)
    return Drawn(" · ".join(dict.fromkeys(texts)), done, of, time.monotonic() - began)


class _Drawer:
    """A thread that draws while the work goes on. What goes wrong with drawing (a closed
    terminal, a front end that went away) ends the drawing, never the work."""

    def __init__(self) -> None:
        self._face: Face | None = None
        self._ended, self._began = threading.Event(), time.monotonic()
        # The context tells a kernel which cell the display belongs to.
        context = contextvars.copy_context()
        self._thread = threading.Thread(target=context.run, args=(self._run,), daemon=True)
        self._thread.start()

    def _run(self) -> None:
        if self._ended.wait(DELAY_SECONDS):
            return
        with suppress(Exception):
            self._face = _face()
            while self._face:
                self._face.draw(_moment(self._began))
                if self._ended.wait(REDRAW_SECONDS):
                    return

    def end(self) -> None:
        """Stop drawing and wipe, also when the wait for the thread is interrupted."""
        self._ended.set()
        try:
            self._thread.join()
        finally:
            with suppress(Exception):
                if self._face:
                    self._face.wipe()
