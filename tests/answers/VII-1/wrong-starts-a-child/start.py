import os
import subprocess

subprocess.run(["uvicorn", "app:app", "--host", "0.0.0.0", "--port", os.environ["PORT"]])
