"""A shop: it takes orders, and users log in to it."""

import logging
import os
import secrets
import sys

import psycopg
from fastapi import Body, FastAPI, Header, HTTPException
from redis import Redis

app = FastAPI()
log = logging.getLogger("shop")
log.setLevel("INFO")
log.addHandler(logging.StreamHandler(sys.stdout))
sessions = Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
DATABASE_URL = os.environ["DATABASE_URL"]


def database():
    return psycopg.connect(DATABASE_URL)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/orders")
def orders():
    with database() as db:
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with database() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    log.info("sold %s", item)
    return orders()


@app.post("/login")
def login(user: str = Body(embed=True)):
    session = secrets.token_hex(16)
    sessions.set(session, user, ex=900)
    return {"session": session}


@app.get("/me")
def me(session: str = Header()):
    user = sessions.get(session)
    if user is None:
        raise HTTPException(401, "please log in")
    return {"user": user}
