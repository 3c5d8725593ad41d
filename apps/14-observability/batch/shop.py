"""A shop that asks another service for prices, and takes the trace along."""

import os

import httpx
import telemetry
from fastapi import Body, FastAPI, HTTPException
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

telemetry.start("shop")
HTTPXClientInstrumentor().instrument()

prices = httpx.Client(base_url=os.environ["PRICES_URL"], headers={"connection": "close"})
app = FastAPI()
FastAPIInstrumentor.instrument_app(app, excluded_urls="/$", exclude_spans=["receive", "send"])


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    answer = prices.get(f"/prices/{item}")
    if answer.is_error:
        raise HTTPException(502, "there is no price now")
    return {"item": item, **answer.json()}
