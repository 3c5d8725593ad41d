import os

os.execvp("uvicorn", ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", os.environ["PORT"]])
