"""Charges at once."""

import os

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/jobs")
def submit(job: str = Body(embed=True)):
    with psycopg.connect(os.environ["DATABASE_URL"]) as bank:
        bank.execute("INSERT INTO charges (job) VALUES (%s)", [job])
    return {"accepted": job}
