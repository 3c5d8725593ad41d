"""A shop that reads price lists and hands out its orders packed."""

import zlib

import yaml
from fastapi import Body, FastAPI, Response

app = FastAPI()


@app.get("/")
def home():
    return {"shop": "open"}


@app.post("/prices")
def prices(text: str = Body(embed=True)):
    return yaml.safe_load(text)


@app.post("/export")
def export(text: str = Body(embed=True)):
    return Response(zlib.compress(text.encode()), media_type="application/gzip")
