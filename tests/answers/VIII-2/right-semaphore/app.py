"""A shop that opens few connections at a time."""

import os
import threading

import psycopg
from fastapi import Body, FastAPI

turn = threading.BoundedSemaphore(int(os.environ["DATABASE_CONNECTIONS"]))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with turn, psycopg.connect(os.environ["DATABASE_URL"]) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    return {"sold": item}
