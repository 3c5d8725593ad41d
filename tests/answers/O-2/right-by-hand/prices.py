"""The service that knows the prices."""

import telemetry
from fastapi import FastAPI, HTTPException
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
def price(item: str):
    try:
        return {"cents": CENTS[item]}
    except KeyError as error:
        span = trace.get_current_span()
        span.record_exception(error)
        span.set_status(trace.StatusCode.ERROR)
        raise HTTPException(404, "no such item") from None
