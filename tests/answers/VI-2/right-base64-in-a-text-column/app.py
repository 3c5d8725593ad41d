"""A shop that keeps uploaded files in a table of its own."""

import base64
import os

import psycopg
from fastapi import FastAPI, HTTPException, Request, Response

LIMIT = 500_000

with psycopg.connect(os.environ["DATABASE_URL"]) as db:
    db.execute("SELECT pg_advisory_xact_lock(1)")
    db.execute("CREATE TABLE IF NOT EXISTS pictures (name text PRIMARY KEY, body text)")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LIMIT:
            raise HTTPException(413, "too large")
    text = base64.b64encode(body).decode()
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute(
            "INSERT INTO pictures VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (name, text),
        )
    return {"name": name}


@app.get("/files/{name}")
def download(name: str):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        row = db.execute("SELECT body FROM pictures WHERE name = %s", (name,)).fetchone()
    if row is None:
        raise HTTPException(404, "no such file")
    return Response(base64.b64decode(row[0]))
