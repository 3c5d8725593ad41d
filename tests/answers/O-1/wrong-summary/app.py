"""A shop that measures itself: rate, errors, duration."""

import time

from fastapi import Body, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Summary, generate_latest

REQUESTS = Counter("http_requests_total", "Requests answered", ["path", "status"])
SECONDS = Summary("http_request_duration_seconds", "Time that a request takes")

app = FastAPI()


@app.middleware("http")
async def measure(request: Request, call_next):
    began, status = time.perf_counter(), 500
    try:
        response = await call_next(request)
        status = response.status_code
        return response
    finally:
        route = request.scope.get("route")
        REQUESTS.labels(route.path if route else "other", status).inc()
        SECONDS.observe(time.perf_counter() - began)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/items/{item}")
def show(item: str):
    return {"item": item}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body(), packing: float = Body()):
    time.sleep(packing)
    return {"item": item, "share": 1 / pieces}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
