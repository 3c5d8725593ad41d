"""Brings what the browser tests need: Chromium, where that takes nobody's password, and axe-core,
the accessibility rules, in the version of package-lock.json."""

import shutil
import subprocess
from pathlib import Path

from factorlab.engine.machine.apt import apt_install, may_install

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")

if not any(map(shutil.which, NAMES)):
    if may_install():
        print("Installing Chromium for the browser tests.")
        apt_install("chromium", "fonts-dejavu-core", "fonts-noto-core")
    else:
        print("No Chromium is installed: the browser tests will be skipped.")
if not (HERE / "node_modules" / "axe-core" / "axe.min.js").is_file():
    if not shutil.which("npm") and may_install():
        print("Installing npm for the browser tests.")
        apt_install("npm")
    if shutil.which("npm"):
        command = ["npm", "ci", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    else:
        print("npm is missing: the tests of accessibility will fail. Install it, then run again.")
