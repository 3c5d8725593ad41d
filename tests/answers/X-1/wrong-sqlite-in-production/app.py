"""A shop whose queries were written and tried on SQLite."""

import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

database = create_engine("sqlite:////tmp/shop.db")
with database.begin() as session:
    session.execute(text("CREATE TABLE IF NOT EXISTS products (id integer, name text, price integer)"))
    session.execute(text("CREATE TABLE IF NOT EXISTS orders (customer text, product integer, day date)"))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/products")
def search(begins: str):
    find = text("SELECT name FROM products WHERE name LIKE :begins")
    with database.connect() as session:
        return session.scalars(find, {"begins": begins + "%"}).all()


@app.get("/prices")
def prices():
    find = text("SELECT name, price FROM products ORDER BY price, id LIMIT 20")
    with database.connect() as session:
        return [dict(row) for row in session.execute(find).mappings()]


@app.get("/latest")
def latest():
    find = text("""
        SELECT customer, product, max(day) AS day FROM orders
        GROUP BY customer ORDER BY customer
    """)
    with database.connect() as session:
        return [dict(row) for row in session.execute(find).mappings()]
