"""Commands that bring things up: setup, lab."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import click

from factorlab import course
from factorlab.cli.report import ImageReport, console
from factorlab.display import working
from factorlab.errors import NotReady

FIRST = "notebooks/00-start-here.ipynb"
SERVER_SECONDS = 60


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def setup_command(command: tuple[str, ...]) -> None:
    """Find or bring up a container engine, and build the images that are not current.

    With COMMAND, run it then, with the engine in reach: also when this user was only now let in
    to the engine. Exit status 2 when no engine can be had here, with what to do.
    """
    _set_up()
    if command:
        sys.stdout.flush()
        os.execvp(command[0], command)


def _set_up() -> None:
    from factorlab.engine.images import course_build, course_images
    from factorlab.engine.machine import install

    ask = click.confirm if sys.stdin.isatty() else None
    if install.bring_up(console.print, ask, working):
        install.reenter()
    if stale := course_images.stale():
        console.print(f"Building {len(stale)} images (about a minute, once).")
        with ImageReport() as report:
            course_build.build(stale, report)


@click.command()
@click.option("--port", type=int, default=0, help="The port of JupyterLab; default: a free one.")
@click.option(
    "--browser/--no-browser", default=None, help="Open a browser; default: if there is one."
)
def lab_command(port: int, browser: bool | None) -> None:
    """Bring up what is needed and open JupyterLab on the first notebook."""
    try:
        _set_up()
    except NotReady as error:
        console.print(str(error))
        console.print("\nThe lessons open all the same, to be read with their stored outputs.\n")
    token, port = secrets.token_urlsafe(24), port or _free_port()
    address = f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}"
    with subprocess.Popen(_jupyter(port), env=_environment(token), cwd=course.root()) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # it does not outlive us
        _wait(server, port)
        console.print(f"\nFactor Lab is open at\n\n  {address}\n\nPress Ctrl-C here to end it.\n")
        if _has_browser() if browser is None else browser:
            click.launch(address)
        try:
            status = server.wait()
        except KeyboardInterrupt:
            server.terminate()
            status = 0
    sys.exit(status if status >= 0 else 128 - status)  # as shells tell of a signal


def _jupyter(port: int) -> list[str]:
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={course.root()}",
        "--ServerApp.log_level=WARN",
        "--LabApp.extension_manager=readonly",
        *root,
    ]


def _environment(token: str) -> dict[str, str]:
    """The server's environment: its token, and settings that keep pop-ups away."""
    settings = course.work() / ".jupyter"
    page = settings / "labconfig" / "page_config.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    news = "@jupyterlab/apputils-extension:announcements"
    page.write_text(json.dumps({"disabledExtensions": {news: True}}) + "\n")
    path = os.pathsep.join(filter(None, [str(settings), os.environ.get("JUPYTER_CONFIG_PATH")]))
    return {**os.environ, "JUPYTER_TOKEN": token, "JUPYTER_CONFIG_PATH": path}


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    from factorlab.waiting import until

    def state() -> str:
        if server.poll() is not None:
            return "ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/api", timeout=1):
                return "answers"
        except OSError:
            return ""

    if until(state, SERVER_SECONDS, every=0.1) == "answers":
        return
    server.terminate()
    raise NotReady(
        f"JupyterLab did not start on port {port}.",
        next="if the port is taken, run `factorlab lab` without --port; a free one is chosen.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _has_browser() -> bool:
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    return not Path("/.dockerenv").exists()
