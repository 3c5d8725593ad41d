"""A shop that connects to its database while it starts."""

import os
import time

import psycopg
from fastapi import Body, FastAPI

while True:
    try:
        database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        break
    except psycopg.OperationalError:
        time.sleep(75)

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
