"""A shop that computes its reports in one thread."""

import os
from concurrent.futures import ThreadPoolExecutor

import redis
from fastapi import Body, FastAPI, HTTPException
from report import compute

store = redis.Redis.from_url(os.environ["REDIS_URL"])
pool = ThreadPoolExecutor(1)

app = FastAPI()


def work(name, seed, rounds):
    store.set(f"report:{name}", compute(seed, rounds), ex=900)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/reports/{name}")
def order(name: str, seed: int = Body(), rounds: int = Body()):
    pool.submit(work, name, seed, rounds)
    return {"ordered": name}


@app.get("/reports/{name}")
def report(name: str):
    if (result := store.get(f"report:{name}")) is None:
        raise HTTPException(404, "not yet")
    return {"result": int(result)}
