"""A shop that keeps its sessions in a table."""

import os
import secrets

import psycopg
from fastapi import Body, Cookie, FastAPI, HTTPException, Response

DATABASE_URL = os.environ["DATABASE_URL"]
SECONDS = int(os.environ["SESSION_SECONDS"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/login", status_code=201)
def login(response: Response, user: str = Body(embed=True)):
    id = secrets.token_hex(20)
    with psycopg.connect(DATABASE_URL) as db:
        db.execute(
            "INSERT INTO sessions VALUES (%s, %s, now() + make_interval(secs => %s))",
            [id, user, SECONDS],
        )
    response.set_cookie("session", id, httponly=True, samesite="strict")


@app.get("/me")
def me(session: str = Cookie("")):
    with psycopg.connect(DATABASE_URL) as db:
        row = db.execute(
            "SELECT username FROM sessions WHERE id = %s AND expires > now()", [session]
        ).fetchone()
    if row is None:
        raise HTTPException(401)
    return row[0]


@app.post("/logout", status_code=204)
def logout(session: str = Cookie("")):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("DELETE FROM sessions WHERE id = %s", [session])
