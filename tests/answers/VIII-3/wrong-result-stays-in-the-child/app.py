"""A shop that computes its reports in another process."""

from concurrent.futures import ProcessPoolExecutor

from fastapi import Body, FastAPI, HTTPException
from report import compute

results = {}
pool = ProcessPoolExecutor(1)

app = FastAPI()


def work(name, seed, rounds):
    results[name] = compute(seed, rounds)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/reports/{name}")
def order(name: str, seed: int = Body(), rounds: int = Body()):
    pool.submit(work, name, seed, rounds)
    return {"ordered": name}


@app.get("/reports/{name}")
def report(name: str):
    if name not in results:
        raise HTTPException(404, "not yet")
    return {"result": results[name]}
