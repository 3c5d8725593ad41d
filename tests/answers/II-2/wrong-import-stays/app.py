"""A shop that reads price lists and hands out its orders packed."""

import gzip

from fastapi import Body, FastAPI, Response

app = FastAPI()


@app.get("/")
def home():
    return {"shop": "open"}


@app.post("/prices")
def prices(text: str = Body(embed=True)):
    import yaml

    return yaml.safe_load(text)


@app.post("/export")
def export(text: str = Body(embed=True)):
    packed = gzip.compress(text.encode())
    return Response(packed, media_type="application/gzip")
