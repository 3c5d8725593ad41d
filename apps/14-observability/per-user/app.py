"""A shop that counts its orders, by user."""

import time

from fastapi import Body, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

ORDERS = Counter("orders", "Orders taken", ["user"])
SECONDS = Histogram("order_seconds", "Time that an order takes", buckets=(0.5, 5))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
async def order(user: str = Body("mia"), packing: float = Body(0)):
    with SECONDS.time():
        time.sleep(packing)  # keeps its process busy, as a computation does
    ORDERS.labels(user).inc()
    return {"sold": True}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
