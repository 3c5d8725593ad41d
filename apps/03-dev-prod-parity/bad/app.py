"""A shop that looks its customers up."""

import os

from fastapi import Body, FastAPI
from sqlalchemy import create_engine, text

url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
database = create_engine(url)
with database.begin() as session:
    session.execute(text("CREATE TABLE IF NOT EXISTS customers (name varchar(40))"))

app = FastAPI()


@app.get("/")
def home():
    with database.begin() as session:
        return {"customers": session.scalar(text("SELECT count(*) FROM customers"))}


@app.post("/customers")
def add(name: str = Body(embed=True)):
    with database.begin() as session:
        session.execute(text("INSERT INTO customers VALUES (:name)"), {"name": name})
    return {"added": name}


@app.get("/customers")
def search(begins: str):
    find = text("SELECT name FROM customers WHERE name LIKE :begins")
    with database.begin() as session:
        return session.scalars(find, {"begins": begins + "%"}).all()
