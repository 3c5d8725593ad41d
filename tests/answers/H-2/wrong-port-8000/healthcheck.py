"""Ends with status 0 when the app answers GET /live with 2xx in time, else with status 1."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:8000/live", timeout=2)
