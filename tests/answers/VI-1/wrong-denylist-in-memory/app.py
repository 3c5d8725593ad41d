"""A shop whose sessions are signed cookies."""

import hashlib
import hmac
import os
import secrets
import time

from fastapi import Body, Cookie, FastAPI, HTTPException, Response

KEY = os.environ["SECRET_KEY"].encode()
SECONDS = int(os.environ["SESSION_SECONDS"])
denied = set()

app = FastAPI()


def signature(text):
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


def read(session):
    """The user and the end in a cookie, or None."""
    text, _, given = session.rpartition(".")
    if not hmac.compare_digest(given.encode(), signature(text).encode()):
        return None
    user, end, _ = text.rsplit(".", 2)
    if time.time() > int(end) or session in denied:
        return None
    return user, int(end)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    text = f"{user}.{int(time.time()) + SECONDS}.{secrets.token_hex(4)}"
    response.set_cookie("session", f"{text}.{signature(text)}", httponly=True)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    if (found := read(session)) is None:
        raise HTTPException(401, "not logged in")
    return {"user": found[0]}


@app.post("/logout")
def logout(response: Response, session: str = Cookie("")):
    if read(session) is not None:
        denied.add(session)
    response.delete_cookie("session")
    return {"user": None}
