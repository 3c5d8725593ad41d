"""A shop with one connection for all orders."""

import os
import threading

import psycopg
from fastapi import Body, FastAPI

turn = threading.Lock()
db = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with turn:
        db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    return {"sold": item}
