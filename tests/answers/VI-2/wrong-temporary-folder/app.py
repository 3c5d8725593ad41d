"""A shop that keeps uploaded files in a temporary folder."""

import tempfile
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request, Response

LIMIT = 500_000
folder = Path(tempfile.mkdtemp())

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    (folder / name).write_bytes(body)
    return {"name": name}


@app.get("/files/{name}")
def download(name: str):
    path = folder / name
    if not path.exists():
        raise HTTPException(404, "no such file")
    return Response(path.read_bytes())
