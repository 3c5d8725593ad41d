"""A shop that keeps its sessions in Redis."""

import os
import secrets
import time
from pathlib import Path

from fastapi import Body, Cookie, FastAPI, HTTPException, Response

SECONDS = int(os.environ["SESSION_SECONDS"])
store = Path("/tmp/sessions")
store.mkdir(exist_ok=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    id = secrets.token_urlsafe(16)
    (store / id).write_text(user)
    response.set_cookie("session", id, httponly=True)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    file = store / (Path(session).name or "none")
    if not file.is_file() or time.time() - file.stat().st_mtime > SECONDS:
        raise HTTPException(401, "not logged in")
    return {"user": file.read_text()}


@app.post("/logout")
def logout(response: Response, session: str = Cookie("")):
    (store / (Path(session).name or "none")).unlink(missing_ok=True)
    response.delete_cookie("session")
    return {"user": None}
