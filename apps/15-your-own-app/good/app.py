"""Rooms to book, with everything that lasts outside of the process."""

import logging
import os
import secrets
import sys

import psycopg
import redis
from fastapi import Body, Cookie, FastAPI, HTTPException, Response

DATABASE = os.environ["DATABASE_URL"]

log = logging.getLogger("rooms")
log.setLevel("INFO")
log.addHandler(logging.StreamHandler(sys.stdout))

sessions = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2, decode_responses=True)
app = FastAPI()


def database():
    return psycopg.connect(DATABASE)


@app.get("/live")
def live():
    return {"live": True}


@app.get("/bookings")
def bookings():
    with database() as db:
        return [room for (room,) in db.execute("SELECT room FROM bookings ORDER BY room")]


@app.post("/bookings")
def book(room: str = Body(embed=True)):
    with database() as db:
        db.execute("INSERT INTO bookings (room) VALUES (%s)", [room])
    log.info("booked %s", room)
    return {"booked": room}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    session = secrets.token_urlsafe(16)
    sessions.set(session, user, ex=3600)
    response.set_cookie("session", session)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    if (user := sessions.get(session)) is None:
        raise HTTPException(401, "not logged in")
    return {"user": user}
