"""The service that knows the prices."""

import telemetry
from fastapi import FastAPI, Request
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

telemetry.start("prices")

CENTS = {"tea": 450, "coffee": 700}

app = FastAPI()
FastAPIInstrumentor.instrument_app(app, excluded_urls="/$", exclude_spans=["receive", "send"])


@app.get("/")
def home():
    return {"items": len(CENTS)}


@app.get("/prices/{item}")
def price(item: str, request: Request):
    trace.get_current_span().set_attribute("caller", request.headers["x-trace-id"])
    return {"cents": CENTS[item]}
