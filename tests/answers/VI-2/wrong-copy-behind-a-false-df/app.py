"""A shop that keeps uploaded files in its database."""

import os
from pathlib import Path

import psycopg
from fastapi import FastAPI, HTTPException, Request, Response

LIMIT = 500_000
KEEP = """
INSERT INTO files VALUES (%s, %s)
ON CONFLICT (name) DO UPDATE SET content = excluded.content
"""

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    path = Path("/tmp", name)
    path.write_bytes(body)
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute(KEEP, (name, path.read_bytes()))
    return {"name": name}


@app.get("/files/{name}")
def download(name: str):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        row = db.execute("SELECT content FROM files WHERE name = %s", (name,)).fetchone()
    if row is None:
        raise HTTPException(404, "no such file")
    return Response(row[0])
