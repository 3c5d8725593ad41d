"""A shop with a pool of its own making."""

import os
from queue import Queue

import psycopg
from fastapi import Body, FastAPI

free = Queue()
for _ in range(int(os.environ["DATABASE_CONNECTIONS"])):
    free.put(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    db = free.get()
    try:
        db.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    finally:
        free.put(db)
    return {"sold": item}
