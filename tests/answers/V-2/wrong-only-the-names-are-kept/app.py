"""A catalog of teas with their pictures, in PostgreSQL."""

import os

import psycopg
from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

DATABASE_URL = os.environ["DATABASE_URL"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/pictures")
def add(name: str = Body(), svg: str = Body()):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("INSERT INTO pictures (name, svg) VALUES (%s, %s)", [name, ""])
    return {"name": name}


@app.get("/catalog", response_class=HTMLResponse)
def catalog():
    with psycopg.connect(DATABASE_URL) as db:
        rows = db.execute("SELECT name, svg FROM pictures ORDER BY name").fetchall()
    return "<h1>Our teas</h1>" + "".join(f"<h2>{name}</h2>{svg}" for name, svg in rows)
