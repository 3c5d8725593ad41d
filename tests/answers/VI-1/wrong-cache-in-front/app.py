"""A shop that keeps its sessions in Redis."""

import os
import secrets

import redis
from fastapi import Body, Cookie, FastAPI, HTTPException, Response

SECONDS = int(os.environ["SESSION_SECONDS"])
store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
known = {}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    id = secrets.token_urlsafe(16)
    store.set(f"session:{id}", user, ex=SECONDS)
    response.set_cookie("session", id, httponly=True)
    known[id] = user
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    user = known.get(session) or store.get(f"session:{session}")
    if user is None:
        raise HTTPException(401, "not logged in")
    known[session] = user
    return {"user": user}


@app.post("/logout")
def logout(response: Response, session: str = Cookie("")):
    store.delete(f"session:{session}")
    known.pop(session, None)
    response.delete_cookie("session")
    return {"user": None}
