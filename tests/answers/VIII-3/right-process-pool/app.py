"""A shop that computes its reports in another process."""

from concurrent.futures import ProcessPoolExecutor

from fastapi import Body, FastAPI, HTTPException
from report import compute

reports = {}
pool = ProcessPoolExecutor(1)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/reports/{name}", status_code=202)
def order(name: str, seed: int = Body(), rounds: int = Body()):
    reports[name] = pool.submit(compute, seed, rounds)
    return {"ordered": name}


@app.get("/reports/{name}")
def report(name: str):
    if name not in reports or not reports[name].done():
        raise HTTPException(404, "not yet")
    return {"result": reports[name].result()}
