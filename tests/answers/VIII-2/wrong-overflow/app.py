"""A shop whose orders share the pool of SQLAlchemy."""

import os

from fastapi import Body, FastAPI
from sqlalchemy import create_engine, text

URL = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
SHARE = int(os.environ["DATABASE_CONNECTIONS"])
engine = create_engine(URL, pool_size=SHARE)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with engine.begin() as db:
        db.execute(text("INSERT INTO orders (item) VALUES (:item)"), {"item": item})
    return {"sold": item}
