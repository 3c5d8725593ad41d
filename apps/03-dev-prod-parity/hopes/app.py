"""A shop that opens its database when it starts."""

import os

import psycopg
from fastapi import FastAPI

database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
database.execute("CREATE TABLE IF NOT EXISTS orders (item text)")

app = FastAPI()


@app.get("/")
def home():
    [count] = database.execute("SELECT count(*) FROM orders").fetchone()
    return {"orders": count}
