"""A shop on psycopg, with a column type that does not tell small letters from capitals."""

import os

import psycopg
from fastapi import FastAPI
from psycopg.rows import dict_row

URL = os.environ["DATABASE_URL"]
with psycopg.connect(URL, autocommit=True) as first:
    first.execute("CREATE EXTENSION IF NOT EXISTS citext")
    first.execute("ALTER TABLE products ALTER COLUMN name TYPE citext")

app = FastAPI()


def run(statement, *values):
    with psycopg.connect(URL, row_factory=dict_row) as connection:
        return connection.execute(statement, values).fetchall()


@app.get("/")
def home():
    return {}


@app.get("/products")
def search(begins: str):
    rows = run("SELECT name::text FROM products WHERE name LIKE %s ORDER BY id", begins + "%")
    return [row["name"] for row in rows]


@app.get("/prices")
def prices():
    return run("SELECT id, name::text, price FROM products ORDER BY coalesce(price, -1), id LIMIT 20")


@app.get("/latest")
def latest():
    return run("""
        SELECT customer, product, to_char(day, 'YYYY-MM-DD') AS day FROM (
            SELECT *, row_number() OVER (PARTITION BY customer ORDER BY day DESC) AS place
            FROM orders
        ) AS ranked WHERE place = 1 ORDER BY customer
    """)
