"""A shop with SQLAlchemy, whose engine connects at the first use."""

import os

from fastapi import Body, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 2})
app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:
        raise HTTPException(503, "no database") from None
    return {"ready": True}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO orders (item) VALUES (:item)"), {"item": item})
    return {"ordered": item}
