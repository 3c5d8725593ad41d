"""Bringing up a container engine: start the one that is installed, or install Docker Engine.

Only on Debian and Ubuntu, only as root or with password-less sudo, and only after asking when
somebody sits at the terminal.
"""

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from factorlab.engine.connection import advice, connect, disconnect, not_yet_in_group
from factorlab.engine.machine.apt import apt_install, may_install, sudo
from factorlab.errors import NotReady
from factorlab.waiting import until

START_SECONDS = 60
SOCKET = Path("/var/run/docker.sock")
DAEMON_LOG = "/var/log/dockerd.log"
COLLECTED_PERCENT = 400
"""How far the memory of an engine that we start may grow between two collections of garbage (GOGC,
https://pkg.go.dev/runtime). It calls itself three times for each container that starts, and each of
these short processes spends a quarter of its CPU time on collecting (88 ms; 66 ms with 400)."""
_REENTERED = "FACTORLAB_REENTERED"
"""Set in the environment of a process that was started anew, so that it happens once."""

Say = Callable[[str], None]
Working = Callable[[str], AbstractContextManager[object]]
"""A progress display around what takes more than two seconds; gets the words for what is done."""


def bring_up(
    say: Say = print, ask: Callable[[str], bool] | None = None, working: Working = nullcontext
) -> bool:
    """Make sure that an engine answers. Returns True when this process must be started anew
    with the group `docker` to be let in (see `reenter`), otherwise False.

    `ask` is called before anything is installed; without it, what is done is only said. Raises
    NotReady when no engine can be brought up here, with what to install on this system.
    """
    try:
        connect()
        return False
    except NotReady as error:
        trouble = error
    if not_yet_in_group() and shutil.which("sg") and not os.environ.get(_REENTERED):
        return True
    if os.environ.get("DOCKER_HOST") or sys.platform != "linux":
        raise trouble
    if shutil.which("dockerd") is None:
        _require_consent(trouble, ask)
        say("Installing Docker Engine (docker.io) with apt-get; this takes about half a minute.")
        with working("apt-get install docker.io"):
            apt_install("docker.io", "iptables", "mmdebstrap")
    if not _answers_root():
        say("Starting the container engine.")
        with working("starting dockerd"):
            _start()
    return _join_group(say)


def _require_consent(trouble: NotReady, ask: Callable[[str], bool] | None) -> None:
    """Raise NotReady unless packages may be installed here, by permission and by consent."""
    if not may_install():
        raise trouble
    question = "No container engine is installed. Install Docker Engine (docker.io) with apt-get?"
    if ask is not None and not ask(question):
        raise NotReady("No container engine is installed.", next=advice())


def _answers_root() -> bool:
    """Whether the engine's socket answers root, even if this user may not use it yet."""
    if not SOCKET.exists():
        return False
    probe = [*sudo(), sys.executable, "-c", "import docker; docker.from_env(timeout=3).ping()"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _start() -> None:
    """Start the daemon and wait until it answers. Raises NotReady after `START_SECONDS`."""
    if not (os.geteuid() == 0 or sudo()):
        raise NotReady(
            "The container engine is installed but does not run.",
            next="start it with `sudo systemctl start docker`, then try again.",
        )
    if Path("/run/systemd/system").is_dir():
        subprocess.run([*sudo(), "systemctl", "start", "docker"], capture_output=True, check=False)
    else:
        daemon = f"exec env GOGC={COLLECTED_PERCENT} dockerd >>{DAEMON_LOG} 2>&1 </dev/null"
        subprocess.Popen([*sudo(), "sh", "-c", daemon], start_new_session=True)
    if not until(_answers_root, START_SECONDS, every=0.3):
        raise NotReady(
            f"The container engine did not start within {START_SECONDS} s.",
            why=_daemon_log(),
            next="start it by hand (`sudo systemctl start docker` or `sudo dockerd`) and "
            "read what it says.",
        )


def _daemon_log() -> str:
    tail = subprocess.run(
        [*sudo(), "tail", "-n", "5", DAEMON_LOG], capture_output=True, text=True, check=False
    )
    return tail.stdout


def _join_group(say: Say) -> bool:
    """Put this user into the group `docker` where the engine does not let it in. Returns whether
    this process must be started anew for that."""
    disconnect()
    try:
        connect()
        return False
    except NotReady:
        if os.geteuid() == 0 or not sudo() or shutil.which("sg") is None:
            raise
    user = getpass.getuser()
    say(f"Adding '{user}' to the group 'docker', which may use the engine.")
    subprocess.run([*sudo(), "usermod", "-aG", "docker", user], check=True)
    return True


def reenter() -> None:
    """Replace this process by itself with the group `docker`, as a new login would have it."""
    import shlex

    command = shlex.join([sys.executable, *sys.orig_argv[1:]])
    environment = {**os.environ, _REENTERED: "1"}
    os.execvpe("sg", ["sg", "docker", "-c", command], environment)
