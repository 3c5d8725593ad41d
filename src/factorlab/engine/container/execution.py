"""A command inside a container that may hold anybody's programs, with a limit on its time and on
its output."""

import shlex
import threading
from collections.abc import Iterable, Sequence
from typing import Any

from factorlab.engine.container.streams import frames, hang_up, readable
from factorlab.errors import Endless, NotReady

EXEC_SECONDS = 120.0
"""How long a command is waited for that was given no time."""
EXEC_BYTES = 16_000_000


def execute(raw: Any, command: Sequence[str], seconds: float | None = None) -> tuple[int, str]:
    """Run a command in a container of the SDK; its exit code and its output. Raises Endless when it
    has not ended after `seconds`, or writes more than 16 million bytes: nobody can end it from
    outside, so it runs on, and nobody listens. A command that was given no time is one of ours, and
    the machine is to blame: NotReady after two minutes."""
    api, words = raw.client.api, shlex.join(command)[:80]
    id = api.exec_create(raw.id, list(command))["Id"]
    stream = readable(api.exec_start(id, socket=True))
    expired = threading.Event()

    def give_up() -> None:
        expired.set()
        hang_up(stream)

    timer = threading.Timer(EXEC_SECONDS if seconds is None else seconds, give_up)
    timer.daemon = True
    timer.start()
    output = b""
    try:
        pieces = (piece for _, piece in frames(stream))
        output = bounded(pieces, EXEC_BYTES, f"`{words}` writes")
    except (OSError, ValueError):  # what reading from a closed stream raises
        if not expired.is_set():
            raise
    finally:
        timer.cancel()
        hang_up(stream)
    if expired.is_set():
        raise _timed_out(words, seconds)
    return int(api.exec_inspect(id)["ExitCode"]), output.decode(errors="replace")


def _timed_out(words: str, seconds: float | None) -> Endless | NotReady:
    if seconds is None:
        return NotReady(
            f"`{words}`, which the course runs, has not ended after {EXEC_SECONDS:g} s.",
            why="the machine is overloaded, or the engine does not answer.",
            next="run `factorlab doctor`; then run this again.",
        )
    return Endless(
        f"`{words}` has not ended after {seconds:g} s, and was given up.",
        next="let it end sooner, or run it with a time limit of its own: `timeout 10 COMMAND`.",
    )


def bounded(pieces: Iterable[bytes], most: int, what: str) -> bytes:
    """All pieces as one. Raises Endless as soon as they are more than `most` bytes; `what` is the
    beginning of its sentence, a subject and a verb."""
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > most:
            raise Endless(
                f"{what} more than {most // 1_000_000} million bytes, and was given up.",
                next="let it be less: that much can neither be read nor judged.",
            )
    return bytes(whole)
