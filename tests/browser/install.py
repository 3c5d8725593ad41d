"""Brings Chromium for the browser tests where that needs nobody's password; says so otherwise."""

import shutil

from factorlab.engine.packages import apt_install, may_install

NAMES = ("chromium", "chromium-browser", "google-chrome")

if not any(map(shutil.which, NAMES)):
    if may_install():
        print("Installing Chromium for the browser tests.")
        apt_install("chromium", "fonts-dejavu-core", "fonts-noto-core")
    else:
        print("No Chromium is installed: the browser tests will be skipped.")
