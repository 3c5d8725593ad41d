"""A shop that connects to its database while it starts."""

import os
import time

import psycopg
from fastapi import Body, FastAPI


def connect():
    pause = 0.1
    while True:
        try:
            return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        except psycopg.OperationalError:
            print("no database yet", flush=True)
            time.sleep(pause)
            pause = min(pause * 2, 1)


database = connect()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    return {"ready": True}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    database.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
