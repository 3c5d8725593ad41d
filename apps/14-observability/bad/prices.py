"""The service that knows the prices."""

import telemetry
from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

telemetry.start("prices")

CENTS = {"tea": 450, "coffee": 700}

app = FastAPI()
FastAPIInstrumentor.instrument_app(app, excluded_urls="/$", exclude_spans=["receive", "send"])


@app.get("/")
def home():
    return {"items": len(CENTS)}


@app.get("/prices/{item}")
def price(item: str):
    return {"cents": CENTS[item]}
