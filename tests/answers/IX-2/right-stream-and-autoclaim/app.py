"""Adds jobs to a stream."""

import os

import redis
from fastapi import Body, FastAPI

stream = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/jobs")
def submit(job: str = Body(embed=True)):
    stream.xadd("work", {"job": job})
    return {"accepted": job}
