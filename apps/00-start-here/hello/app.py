"""The smallest app of the course: it greets, and counts its visitors."""

from fastapi import FastAPI

app = FastAPI()
visitors = 0


@app.get("/")
def home():
    return {"greeting": "Hello from a container"}


@app.post("/visitors")
def visit():
    global visitors
    visitors += 1
    return {"visitors": visitors}
