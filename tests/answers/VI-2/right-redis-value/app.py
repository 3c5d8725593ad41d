"""A shop that keeps uploaded files in Redis."""

import os

import redis
from fastapi import FastAPI, HTTPException, Request, Response

LIMIT = 500_000
store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    store.set(f"file:{name}", body)
    return {"name": name}


@app.get("/files/{name}")
def download(name: str):
    body = store.get(f"file:{name}")
    if body is None:
        raise HTTPException(404, "no such file")
    return Response(body, media_type="application/octet-stream")
