"""A shop that hands out its orders as one packed file."""

import gzip

from fastapi import FastAPI, Response

ORDERS = "tea\nmilk\n"

app = FastAPI()


@app.get("/")
def home():
    return {"orders": len(ORDERS.splitlines())}


@app.get("/orders.gz")
def export():
    packed = gzip.compress(ORDERS.encode())
    return Response(packed, media_type="application/gzip")
