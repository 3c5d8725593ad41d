import os
from pathlib import Path

import psycopg
from fastapi import Body, FastAPI
from sqlalchemy import create_engine, event, text

engine = create_engine("postgresql+psycopg://", pool_pre_ping=True)


@event.listens_for(engine, "do_connect")
def connect(dialect, record, args, kwargs):
    return psycopg.connect(Path(os.environ["DATABASE_URL_FILE"]).read_text().strip())


app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with engine.begin() as db:
        db.execute(text("INSERT INTO orders (item) VALUES (:item)"), {"item": item})
        return {"orders": db.scalar(text("SELECT count(*) FROM orders"))}
