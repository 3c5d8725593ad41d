"""A shop that keeps no sessions: the cookie itself holds them, signed."""

import hashlib
import hmac
import os
import time

from fastapi import Body, Cookie, FastAPI, HTTPException, Response

KEY = os.environ["SECRET_KEY"].encode()

app = FastAPI()


def signature(text):
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


@app.get("/")
def home():
    return {"sessions": "in the browsers"}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    text = f"{user}.{int(time.time()) + 900}"
    response.set_cookie("session", f"{text}.{signature(text)}", httponly=True)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    text, _, given = session.rpartition(".")
    if not hmac.compare_digest(given.encode(), signature(text).encode()):
        raise HTTPException(401, "not logged in")
    user, _, end = text.rpartition(".")
    if time.time() > int(end):
        raise HTTPException(401, "not logged in")
    return {"user": user}


@app.post("/logout")
def logout(response: Response):
    response.delete_cookie("session")
    return {"user": None}
