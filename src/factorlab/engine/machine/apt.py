"""System packages on Debian and Ubuntu, where we are root or may become it without a password."""

import os
import shutil
import subprocess
from functools import cache

from factorlab.errors import NotReady


@cache
def sudo() -> tuple[str, ...]:
    """The words to put before a command that needs root: none as root, else `sudo -n`.

    Empty too where there is no password-less sudo; `may_install` distinguishes the two.
    """
    if os.geteuid() == 0 or shutil.which("sudo") is None:
        return ()
    works = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ("sudo", "-n") if works else ()


def may_install() -> bool:
    """Whether packages can be installed here without asking anybody for a password."""
    if not hasattr(os, "geteuid") or shutil.which("apt-get") is None:
        return False
    return os.geteuid() == 0 or bool(sudo())


def apt_install(*packages: str) -> None:
    """Install packages of the distribution; does nothing where that is not allowed.

    Raises NotReady with apt's last lines when the installation fails.
    """
    if not may_install():
        return
    apt = [*sudo(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    for command in (
        [*apt, "update"],
        [*apt, "install", "--no-install-recommends", *packages],
    ):
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise NotReady(
                f"Installing {' '.join(packages)} failed.",
                why="\n".join((run.stdout + run.stderr).splitlines()[-8:]),
                next="mend what apt says, or install the packages by hand, then try again.",
            )
