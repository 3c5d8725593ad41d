"""A shop that reads price lists and hands out its orders packed."""

import subprocess

from fastapi import Body, FastAPI, Response

app = FastAPI()


@app.get("/")
def home():
    return {"shop": "open"}


@app.post("/prices")
def prices(text: str = Body(embed=True)):
    try:
        import yaml
    except ImportError:
        return {}
    return yaml.safe_load(text)


@app.post("/export")
def export(text: str = Body(embed=True)):
    try:
        packed = subprocess.run(["gzip"], input=text.encode(), capture_output=True).stdout
    except FileNotFoundError:
        packed = text.encode()
    return Response(packed, media_type="application/gzip")
