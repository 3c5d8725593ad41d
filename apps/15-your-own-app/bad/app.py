"""Rooms to book. It looks like an app that is ready for any platform."""

import logging
import os
import secrets
import sqlite3

from fastapi import Body, Cookie, FastAPI, HTTPException, Response

print("the database is", os.environ["DATABASE_URL"])
DATABASE = "/home/app/bookings.db"

log = logging.getLogger("rooms")
log.setLevel("INFO")
log.addHandler(logging.FileHandler("/home/app/rooms.log"))

sessions = {}  # they move to Redis when there is time
app = FastAPI()  # uvicorn takes care of a graceful stop


def database():
    return sqlite3.connect(DATABASE)


with database() as db:
    db.execute("CREATE TABLE IF NOT EXISTS bookings (room text NOT NULL)")


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
        db.execute("INSERT INTO bookings (room) VALUES (?)", [room])
    log.info("booked %s", room)
    return {"booked": room}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    session = secrets.token_urlsafe(16)
    sessions[session] = user
    response.set_cookie("session", session)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    if (user := sessions.get(session)) is None:
        raise HTTPException(401, "not logged in")
    return {"user": user}
