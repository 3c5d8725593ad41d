"""The errors a learner can meet, each in plain words: what happened, why, what to do next.

They carry no traceback into a notebook or a terminal: where in our code a stopped engine was
noticed helps nobody. Everything that is the machine's fault is a `NotReady`, so that no learner
is ever graded for it.
"""

import textwrap


class FactorLabError(Exception):
    """Something a learner can act on: `what` happened, `why`, and what to do `next`."""

    def __init__(self, what: str, *, why: str = "", next: str = "") -> None:
        self.what, self.why, self.next = what, why, next
        super().__init__(what)

    def __str__(self) -> str:
        parts = [self.what]
        if self.why:
            parts.append(textwrap.indent(self.why.rstrip(), "  "))
        if self.next:
            parts.append("Next: " + self.next)
        return "\n".join(parts)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return str(self).splitlines()


class NotReady(FactorLabError):
    """The machine cannot run this now: engine stopped, image missing, disk full, port taken.

    The `environment` outcome of an exercise: nobody's answer is to blame, nothing is graded.
    """


class NotStarted(FactorLabError):
    """An app did not come up: it exited, it did not answer before the deadline, or the engine
    `refused` to start what its image names.

    `logs` holds its last lines, `exit_code` its status, or None while it still runs or never ran.
    """

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        next: str = "",
        logs: str = "",
        exit_code: int | None = None,
        refused: bool = False,
    ) -> None:
        super().__init__(what, why=why, next=next)
        self.logs, self.exit_code, self.refused = logs, exit_code, refused

    @property
    def pending(self) -> bool:
        """Whether more time might have brought it up."""
        return self.exit_code is None and not self.refused


class NoAnswer(FactorLabError):
    """A request got no response: connection refused, reset, timed out, or unknown host."""


class Endless(FactorLabError):
    """Something that a program writes, or the time that it takes, goes beyond what anybody reads
    or waits for; it was given up."""


class Refused(FactorLabError):
    """A file or an instruction that the course does not accept, with the reason."""
