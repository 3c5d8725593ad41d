"""A shop that keeps its sessions in memory."""

import secrets

from fastapi import Body, Cookie, FastAPI, HTTPException, Response

sessions = {}

app = FastAPI()


@app.get("/")
def home():
    return {"sessions": len(sessions)}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    id = secrets.token_urlsafe(16)
    sessions[id] = {"user": user}
    response.set_cookie("session", id, httponly=True)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    if session not in sessions:
        raise HTTPException(401, "not logged in")
    return sessions[session]


@app.post("/logout")
def logout(response: Response, session: str = Cookie("")):
    sessions.pop(session, None)
    response.delete_cookie("session")
    return {"user": None}
