"""A shop that keeps uploaded files in Redis, in pieces."""

import os

import redis
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse

LIMIT = 500_000
store = redis.Redis.from_url(os.environ["REDIS_URL"])
PIECE = 65536

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]
    with store.pipeline(transaction=True) as change:
        change.delete(f"file:{name}").rpush(f"file:{name}", *pieces).execute()
    return {"name": name, "pieces": len(pieces)}


@app.get("/files/{name}")
def download(name: str):
    pieces = store.lrange(f"file:{name}", 0, -1)
    if not pieces:
        raise HTTPException(404, "no such file")
    return StreamingResponse(iter(pieces))
