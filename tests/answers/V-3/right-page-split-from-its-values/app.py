"""A tea shop with a page for its customers."""

import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

DATABASE_URL = os.environ["DATABASE_URL"]
GREETING = os.environ["GREETING"]
SUPPORT = os.environ["SUPPORT"]

PAGE = Path("page.html").read_text().format(greeting=GREETING, support=SUPPORT)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": GREETING, "support": SUPPORT}


@app.get("/page", response_class=HTMLResponse)
def page():
    return PAGE


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"sold": item}
