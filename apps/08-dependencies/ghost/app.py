"""A shop that hands out its orders as one packed file."""

import subprocess

from fastapi import FastAPI, Response

ORDERS = "tea\nmilk\n"

app = FastAPI()


@app.get("/")
def home():
    return {"orders": len(ORDERS.splitlines())}


@app.get("/orders.gz")
def export():
    packed = subprocess.run(["gzip"], input=ORDERS.encode(), capture_output=True).stdout
    return Response(packed, media_type="application/gzip")
