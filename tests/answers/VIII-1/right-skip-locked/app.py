"""A shop that keeps its jobs in a table."""

import json
import os

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def take(order: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        job = json.dumps({"kind": "order", "order": order})
        db.execute("INSERT INTO jobs (job) VALUES (%s)", (job,))
    return {"ordered": order}
