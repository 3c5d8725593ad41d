"""The smallest app of the course: it greets, and counts how often it did."""

from fastapi import FastAPI

app = FastAPI()
count = 0


@app.get("/")
def home():
    global count
    count += 1
    return {"greeting": "Hello from a container", "count": count}
