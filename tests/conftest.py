"""What every test needs: a learner's folder of its own, and a word on what this machine lacks.

Tests marked `engine`, `browser`, `npm` or `openssl` are skipped, with the reason, where there is
none. In CI (the variable CI is set) they fail instead: there, a skipped proof is no proof.
The parts of the proof and the order of tests are in `proof/`.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial

import pytest

sys.modules.setdefault("rfc3987_syntax", None)
"""It compiles a grammar for two CPU seconds in each process that imports nbformat; no notebook's
schema asks for what it checks, and jsonschema does without it."""

pytest_plugins = ("proof.plugin",)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Keep answers and progress of the tests away from the learner's own, in subprocesses too, and
    let Ctrl-C reach these: a shell's background job ignores it, and so would all that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_WORK] = tempfile.mkdtemp(prefix="factorlab-work-")
    os.environ["FACTORLAB_WORK"] = config.stash[_WORK]


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_WORK], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture is made, so that a lab of a whole module is not tried in vain."""
    for marker, lack in LACKS.items():
        if item.get_closest_marker(marker) and (reason := lack()):
            if os.environ.get("CI"):
                pytest.fail(f"CI must have what this test needs. {reason}", pytrace=False)
            pytest.skip(reason)


_WORK = pytest.StashKey[str]()


@cache
def _no_engine() -> str:
    from factorlab.engine.connection import connect
    from factorlab.errors import NotReady

    try:
        connect()
    except NotReady as error:
        return " ".join(f"{error.what} {error.why}".split())
    return ""


def _none_of(*programs: str) -> str:
    if any(map(shutil.which, programs)):
        return ""
    return f"Not on the PATH: {' or '.join(programs)}."


LACKS: dict[str, Callable[[], str]] = {
    "engine": _no_engine,
    "browser": partial(_none_of, *BROWSERS),
    "npm": partial(_none_of, "npm"),
    "openssl": partial(_none_of, "openssl"),
}
"""Marker -> what this machine lacks for such a test, in words; nothing where it can run."""
