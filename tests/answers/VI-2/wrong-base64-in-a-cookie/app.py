"""A shop that gives uploaded files back to the browser."""

import base64

from fastapi import Cookie, FastAPI, HTTPException, Request, Response

LIMIT = 500_000

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.put("/files/{name}")
async def upload(name: str, request: Request, response: Response):
    body = await request.body()
    if len(body) > LIMIT:
        raise HTTPException(413, "too large")
    response.set_cookie("file", base64.b64encode(body[:3000]).decode())
    return {"name": name}


@app.get("/files/{name}")
def download(name: str, file: str = Cookie("")):
    if not file:
        raise HTTPException(404, "no such file")
    return Response(base64.b64decode(file))
