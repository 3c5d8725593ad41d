"""A shop that keeps uploaded files in memory."""

from fastapi import FastAPI, HTTPException, Request, Response

LIMIT = 500_000
files = {}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    files[name] = body
    return {"name": name}


@app.get("/files/{name}")
def download(name: str):
    if name not in files:
        raise HTTPException(404, "no such file")
    return Response(files[name])
