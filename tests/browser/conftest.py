"""JupyterLab as `factorlab lab` starts it, and headless Chromium in front of it."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from lab_page import close_dialog, menu, open_with_kernel, screenshot

from factorlab import course

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/lab/tree/\S+\?token=(\S+)")


@pytest.fixture(scope="session")
def course_copy(tmp_path_factory):
    """A copy of the notebooks, so that running one does not change the checkout."""
    copy = tmp_path_factory.mktemp("course")
    for name in ("notebooks", "exercises", "solutions", "apps", "images"):
        shutil.copytree(course.root() / name, copy / name, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(course.root() / "course.toml", copy)
    return copy


@pytest.fixture(scope="session")
def jupyter(course_copy, tmp_path_factory):
    """`factorlab lab --no-browser` on the copy: the address and the token that it prints."""
    home = tmp_path_factory.mktemp("home")
    overrides = home / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    # Cells outside of the window must be in the page too, to be looked at.
    overrides.write_text(
        json.dumps({"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}})
    )
    environment = {
        **os.environ,
        "FACTORLAB_ROOT": str(course_copy),
        "FACTORLAB_WORK": str(course_copy / "work"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [sys.executable, "-m", "factorlab", "lab", "--no-browser"]
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stderr is not None
        lines = []
        for line in server.stderr:
            lines.append(line)
            if found := ADDRESS.search(line):
                break
        else:
            pytest.fail(f"factorlab lab printed no address:\n{''.join(lines)}")
        # A pipe that nobody reads fills up, and then the server waits.
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield found[1], found[2]
        os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def unmoved(tmp_path_factory):
    """Chromium, told nothing of networks that come and go, where unmoved.py can do that: not on a
    Mac, and not for a Chromium that needs privileges to start, as snap's does."""
    program = tmp_path_factory.mktemp("chromium") / "unmoved"
    command = shlex.join([sys.executable, str(Path(__file__).with_name("unmoved.py")), CHROMIUM])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    program.chmod(0o755)
    starts = subprocess.run([program, "--version"], capture_output=True, check=False)
    return CHROMIUM if starts.returncode else str(program)


@pytest.fixture(scope="module")
def chromium(unmoved):
    """Headless Chromium, without a word to the outside. It ends with a module: as long as
    Playwright runs, its event loop is the thread's, and asyncio.run() is refused to other tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=unmoved,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@contextmanager
def _open(chromium, jupyter, name, path, theme="light", width=1280, height=900):
    address, token = jupyter
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.asked_for = []
    page.on("request", lambda request: page.asked_for.append(request.url))
    page.add_locator_handler(
        page.locator('dialog[aria-label^="Server Connection Error"]'),
        close_dialog,
        no_wait_after=True,
    )
    try:
        open_with_kernel(page, f"{address}/doc/tree/{path}?reset&token={token}")
        if theme == "dark":
            menu(page, "Settings", "Theme", "JupyterLab Dark")
            page.wait_for_selector('body[data-jp-theme-light="false"]', state="attached")
        yield page
    except BaseException:
        screenshot(page, f"failed-{name}")
        raise
    finally:
        _end_kernels(page, address, token)
        page.close()


def _end_kernels(page, address, token):
    """A kernel outlives its page, with all its containers: end it for the tests that follow."""
    headers = {"Authorization": f"token {token}"}
    for session in page.request.get(f"{address}/api/sessions", headers=headers).json():
        page.request.delete(f"{address}/api/sessions/{session['id']}", headers=headers)


@pytest.fixture
def opened(jupyter, chromium, request):
    """A function that opens a notebook in JupyterLab, in a theme, and waits for its kernel."""
    return partial(_open, chromium, jupyter, request.node.name)


@pytest.fixture(scope="module")
def opened_once(jupyter, chromium, request):
    """The same, for one page that a module's tests share."""
    return partial(_open, chromium, jupyter, request.node.name.replace("/", "-"))
