"""A shop that writes its spans by hand."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import httpx
import telemetry
from fastapi import Body, FastAPI, HTTPException, Request
from opentelemetry import propagate, trace

telemetry.start("shop")

tracer = trace.get_tracer("shop")
pool = ThreadPoolExecutor(8)
prices = httpx.Client(base_url=os.environ["PRICES_URL"], headers={"connection": "close"})
app = FastAPI(telemetry={"tracing": False})  # the spans below are enough


@app.middleware("http")
async def traced(request: Request, call_next):
    caller = propagate.extract(request.headers)
    with tracer.start_as_current_span(f"{request.method} {request.url.path}", caller):
        return await call_next(request)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


def price(item):
    headers = {}
    propagate.inject(headers)
    answer = prices.get(f"/prices/{item}", headers=headers)
    if answer.is_error:
        raise HTTPException(502, "there is no price now")
    return answer.json()["cents"]


@app.post("/orders")
def order(items: list[str] = Body(), guests: int = Body()):
    asked = [pool.submit(copy_context().run, price, item) for item in items]
    cents = sum(one.result() for one in asked)
    return {"cents": cents, "each": cents // guests}
