"""A tea shop with a page for its customers."""

import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

DATABASE_URL = os.environ["DATABASE_URL"]
GREETING = os.environ["GREETING"]
SUPPORT = os.environ["SUPPORT"]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": GREETING, "support": SUPPORT}


@app.get("/page", response_class=HTMLResponse)
def page():
    stage = os.environ.get("STAGE", "staging")
    return Path(f"page-{stage}.html").read_text()


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"sold": item}
