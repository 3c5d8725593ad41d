"""A shop that writes its numbers itself."""

import threading
import time
from collections import Counter

from fastapi import Body, FastAPI, Response

BOUNDS = (0.25, 1.5, float("inf"))
lock = threading.Lock()
answered = Counter()
within = Counter()

app = FastAPI()


class Measure:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, status = time.monotonic(), "500"

        async def sending(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            seconds = time.monotonic() - began
            route = scope.get("route")
            with lock:
                answered[getattr(route, "path", "none"), status, scope["method"]] += 1
                within.update(bound for bound in BOUNDS if seconds <= bound)
                within["sum"] += seconds


app.add_middleware(Measure)


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
    lines = ["# TYPE http_requests_total counter"]
    with lock:
        for (path, status, method), count in answered.items():
            labels = f'path="{path}",status="{status}",method="{method}"'
            lines.append(f"http_requests_total{{{labels}}} {count}")
        lines.append("# TYPE http_request_duration_seconds histogram")
        for bound in BOUNDS:
            name = "+Inf" if bound == float("inf") else str(bound)
            lines.append(f'http_request_duration_seconds_bucket{{le="{name}"}} {within[bound]}')
        lines.append(f"http_request_duration_seconds_sum {within['sum']}")
        lines.append(f"http_request_duration_seconds_count {within[BOUNDS[-1]]}")
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
