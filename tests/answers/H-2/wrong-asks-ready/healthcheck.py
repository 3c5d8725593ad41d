"""Ends with status 0 when the app answers GET /ready with 2xx in time, else with status 1."""

import os
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/ready", timeout=2)
