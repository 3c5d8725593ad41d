"""What every test needs: a learner's folder of its own, and a word on what this machine lacks.

Tests marked `engine` or `browser` are skipped, with the reason, where there is no engine or no
browser. In CI (the variable CI is set) they fail instead: there, a skipped proof is no proof.
"""

import os
import shutil
import tempfile
from functools import cache

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Keep answers and progress of the tests away from the learner's own, in subprocesses too."""
    config.stash[_WORK] = tempfile.mkdtemp(prefix="factorlab-work-")
    os.environ["FACTORLAB_WORK"] = config.stash[_WORK]


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[_WORK], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture is made, so that a lab of a whole module is not tried in vain."""
    for marker, lack in (("engine", _no_engine), ("browser", _no_browser)):
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


@cache
def _no_browser() -> str:
    if any(shutil.which(name) for name in BROWSERS):
        return ""
    return f"No browser on the PATH: none of {', '.join(BROWSERS)}."
