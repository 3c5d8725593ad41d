"""Ends with status 0 when the app answers its liveness check, with status 1 otherwise."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:8000/live", timeout=1)
