"""A shop that connects to its database when it needs it."""

import os

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()


def connect():
    return psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=2)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    return {"ready": True}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with connect() as database:
        database.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
