"""A shop: it takes orders, and users log in to it."""

import logging
import secrets
import sqlite3

from fastapi import Body, FastAPI, Header, HTTPException

app = FastAPI()
log = logging.getLogger("shop")
log.setLevel("INFO")
log.addHandler(logging.FileHandler("/home/app/shop.log"))
sessions = {}


def database():
    return sqlite3.connect("/home/app/shop.db")


with database() as db:
    db.execute("CREATE TABLE IF NOT EXISTS orders (item text NOT NULL)")


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
        db.execute("INSERT INTO orders (item) VALUES (?)", [item])
    log.info("sold %s", item)
    return orders()


@app.post("/login")
def login(user: str = Body(embed=True)):
    session = secrets.token_hex(16)
    sessions[session] = user
    return {"session": session}


@app.get("/me")
def me(session: str = Header()):
    user = sessions.get(session)
    if user is None:
        raise HTTPException(401, "please log in")
    return {"user": user}
