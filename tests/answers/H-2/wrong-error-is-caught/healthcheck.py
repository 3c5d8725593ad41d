import os
import urllib.request

try:
    urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/live", timeout=2)
except OSError as error:
    print("unhealthy:", error)
