"""A bank that says whether its tables are migrated, and leaves that to others."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"bank": "open"}


@app.get("/ready")
def ready():
    return {"ready": True}
