"""A pytest plugin that makes nbval strict where it is lenient (GRADERS.md 3.3).

A cell fails when the kernel says that it failed, even if the traceback was silenced. A dead
kernel is noticed within a second, not at the cell time-out.
"""

import sys
from queue import Empty
from time import monotonic

# rfc3987_syntax compiles a grammar for two CPU seconds in each process that imports nbformat; no
# notebook's schema asks for what it checks, and jsonschema does without it.
sys.modules.setdefault("rfc3987_syntax", None)

from nbval.kernel import RunningKernel  # noqa: E402
from nbval.plugin import IPyNbCell  # noqa: E402

ALIVE_SECONDS = 1.0

_get_message = RunningKernel.get_message
_runtest = IPyNbCell.runtest


def get_message(kernel, stream, timeout=None):
    """As nbval's, but looking every second whether the kernel still lives."""
    deadline = None if timeout is None else monotonic() + timeout
    while True:
        left = ALIVE_SECONDS if deadline is None else min(ALIVE_SECONDS, deadline - monotonic())
        try:
            message = _get_message(kernel, stream, timeout=max(left, 0.01))
        except Empty:
            if not kernel.is_alive():
                raise RuntimeError("The kernel died while the cell was running.") from None
            if deadline is not None and monotonic() >= deadline:
                raise
            continue
        if stream == "shell" and message["msg_type"] == "execute_reply":
            kernel.last_reply = message["content"]
        return message


def runtest(cell):
    """As nbval's, and then the kernel's own word on whether the cell failed."""
    cell.parent.kernel.last_reply = {}
    _runtest(cell)
    reply = cell.parent.kernel.last_reply
    if reply.get("status") != "ok" and not cell.options["check_exception"]:
        cell.raise_cell_error(
            f"The kernel reports '{reply.get('status', 'nothing')}' without an error message",
            reply.get("evalue", ""),
        )


RunningKernel.get_message = get_message
IPyNbCell.runtest = runtest
