"""The customers of a shop, version 2: the column is called name."""

import os

import psycopg
from fastapi import Body, FastAPI

app = FastAPI()


def ask(statement, *values):
    with psycopg.connect(os.environ["DATABASE_URL"]) as db:
        return db.execute(statement, values).fetchone()


@app.get("/")
def home():
    return {"shop": "open"}


@app.get("/customers/{id}")
def read(id: int):
    [name] = ask("SELECT name FROM customers WHERE id = %s", id)
    return {"id": id, "name": name}


@app.post("/customers")
def add(name: str = Body(embed=True)):
    [id] = ask("INSERT INTO customers (name) VALUES (%s) RETURNING id", name)
    return {"id": id, "name": name}


@app.post("/customers/{id}")
def change(id: int, name: str = Body(embed=True)):
    [id] = ask("UPDATE customers SET name = %s WHERE id = %s RETURNING id", name, id)
    return {"id": id, "name": name}
