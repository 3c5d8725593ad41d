"""A shop that connects to its database while it starts."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException

try:
    database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
except psycopg.OperationalError:
    database = None

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    if database is None:
        raise HTTPException(503, "no database")
    return {"ready": True}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    database.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
