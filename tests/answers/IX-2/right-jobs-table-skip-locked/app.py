"""Writes jobs into a table."""

import os

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/jobs", status_code=202)
def submit(job: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute("INSERT INTO jobs (job) VALUES (%s)", [job])
    return {"accepted": job}
