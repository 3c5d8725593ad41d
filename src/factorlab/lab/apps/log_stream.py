"""The log of a container, followed from outside and kept there: what a platform's collector does."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

from factorlab.engine.container.container import Container
from factorlab.errors import Endless, FactorLabError, NotReady

ON_THEIR_WAY_SECONDS = 2.0
"""How long a line that was written may take through the engine until it is here."""
END_SECONDS = 10.0
STREAM_BYTES = 8_000_000
"""How much is kept of one log: as much as the engine keeps of it."""


class Stream:
    """What one container writes, from its first line on, held in this process: it is still here
    when the container is not. Of a log without end, the first 8 million bytes are. Made by
    `App.follow`."""

    def __init__(self, name: str, container: Container) -> None:
        self._name = name
        self._text = bytearray()
        self._changed = threading.Condition()
        self._ended = False
        self._broken, self._too_long = "", False
        threading.Thread(
            target=self._read, args=[container.follow()], name="factorlab-stream", daemon=True
        ).start()

    def lines(self) -> list[str]:
        """The lines that have come so far; one that has not ended yet is not among them."""
        with self._changed:
            text = self._text.decode(errors="replace")
        whole = text if self._ended else text[: text.rfind("\n") + 1]
        return whole.splitlines()

    def count(self, words: Sequence[str], seconds: float = ON_THEIR_WAY_SECONDS) -> int:
        """How many of these words have come; waits at most `seconds` for those on their way."""
        return self._wait(lambda text: sum(word in text for word in words), len(words), seconds)

    def times(self, word: str, wanted: int, seconds: float = ON_THEIR_WAY_SECONDS) -> int:
        """How often a word has come; waits at most `seconds` until it is as often as `wanted`."""
        return self._wait(lambda text: text.count(word), wanted, seconds)

    def _wait(self, counted: Callable[[str], int], wanted: int, seconds: float) -> int:
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = counted(self._text.decode(errors="replace"))
                left = deadline - time.monotonic()
                if found >= wanted or self._ended or left <= 0:
                    return found
                self._changed.wait(left)

    def finish(self, seconds: float = END_SECONDS) -> list[str]:
        """All its lines, once the container has ended. Raises FactorLabError while it runs on,
        Endless when it wrote more than 8 million bytes, NotReady when the engine let go of the
        stream before its end."""
        with self._changed:
            ended = self._changed.wait_for(lambda: self._ended, seconds)
        if not ended:
            raise FactorLabError(
                f"The log of '{self._name}' has no end yet: it still runs.",
                next="stop or kill it first, or read lines().",
            )
        if self._too_long:
            raise Endless(
                f"'{self._name}' wrote more than {STREAM_BYTES // 1_000_000} million bytes to its "
                "log, and was followed no further.",
                next="let it write less; lines() has what came before that.",
            )
        if self._broken:
            raise NotReady(
                f"The log of '{self._name}' could not be followed to its end.",
                why=self._broken,
                next="run the cells again from the one that started it.",
            )
        return self.lines()

    def _read(self, chunks: Iterator[bytes]) -> None:
        broken = ""
        try:
            for chunk in chunks:
                with self._changed:
                    self._text += chunk
                    self._too_long = len(self._text) > STREAM_BYTES
                    self._changed.notify_all()
                if self._too_long:
                    break
        except NotReady as error:
            broken = error.why or error.what
        with self._changed:
            self._ended, self._broken = True, broken
            self._changed.notify_all()

    def __repr__(self) -> str:
        return f"<Stream of {self._name}>"
