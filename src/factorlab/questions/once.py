"""An experiment that several questions share: run once, typed by its function, kept.

Questions are asked side by side, so who comes while it runs waits and gets the same object. What
one found and another looked for must not be two things: that was a false PASS.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(eq=False)
class _Turn:
    """One experiment: what came of it, whether somebody is at it, and what its askers wait for."""

    found: list[Any] = field(default_factory=list)
    taken: bool = False
    waits: list["_Turn"] = field(default_factory=list)

    def needs(self, path: tuple["_Turn", ...]) -> bool:
        """Whether it cannot end before one of these has."""
        return self in path or any(turn.needs(path) for turn in self.waits)


_path: ContextVar[tuple[_Turn, ...]] = ContextVar("experiments under way", default=())
"""The experiments that the code runs in, the outermost first. `Lab.together` hands it on."""


class Once:
    """What the experiments of one subject found. Each has its own turn, so different ones run side
    by side; nothing is kept of one that raises, and the next who asks tries again."""

    def __init__(self) -> None:
        self._turns: dict[Hashable, _Turn] = {}
        self._changed = Condition()

    def get(self, key: Hashable, name: str, make: Callable[[], T]) -> T:
        """What `make` gave at the first call with this key. Raises RuntimeError where it would wait
        for itself, which is a fault in a check."""
        with self._held(key, name) as turn:
            if not turn.found:
                turn.found.append(make())
            found: T = turn.found[0]
            return found

    @contextmanager
    def _held(self, key: Hashable, name: str) -> Iterator[_Turn]:
        path = _path.get()
        with self._changed:
            turn = self._turns.setdefault(key, _Turn())
            while turn.taken:
                if turn.needs(path):
                    raise RuntimeError(f"the experiment {name} waits for itself")
                self._wait(turn, path)
            turn.taken = True
        here = _path.set((*path, turn))
        try:
            yield turn
        finally:
            _path.reset(here)
            with self._changed:
                turn.taken = False
                self._changed.notify_all()

    def _wait(self, turn: _Turn, path: tuple[_Turn, ...]) -> None:
        """Wait for a change, and let it be seen meanwhile who waits for whom."""
        for outer in path:
            outer.waits.append(turn)
        try:
            self._changed.wait()
        finally:
            for outer in path:
                outer.waits.remove(turn)
