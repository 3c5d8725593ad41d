import os
import sys

import httpx

try:
    answer = httpx.get(f"http://localhost:{os.environ['PORT']}/live")
except httpx.HTTPError:
    sys.exit(1)
sys.exit(0 if answer.status_code == 200 else 1)
