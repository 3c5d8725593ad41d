"""A shop whose queries say what is meant, on either database."""

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
        SELECT customer, product, day FROM orders
        JOIN (SELECT customer, max(day) AS day FROM orders GROUP BY customer) AS last
        USING (customer, day) ORDER BY customer
    """)
    with database.connect() as session:
        return [dict(row) for row in session.execute(find).mappings()]
