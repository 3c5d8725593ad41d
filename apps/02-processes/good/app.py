"""A shop that keeps its sessions in Redis."""

import json
import os
import secrets

import redis
from fastapi import Body, Cookie, FastAPI, HTTPException, Response

store = redis.Redis.from_url(os.environ["REDIS_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"sessions": store.dbsize()}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    id = secrets.token_urlsafe(16)
    store.set(f"session:{id}", json.dumps({"user": user}), ex=900)
    response.set_cookie("session", id, httponly=True)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    found = store.get(f"session:{session}")
    if found is None:
        raise HTTPException(401, "not logged in")
    return json.loads(found)


@app.post("/logout")
def logout(response: Response, session: str = Cookie("")):
    store.delete(f"session:{session}")
    response.delete_cookie("session")
    return {"user": None}
