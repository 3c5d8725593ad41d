"""A shop that tries again until its database is there."""

import os

import psycopg
from fastapi import Body, FastAPI
from tenacity import retry, retry_if_exception_type, wait_fixed


@retry(retry=retry_if_exception_type(psycopg.OperationalError), wait=wait_fixed(0.5))
def connect():
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=2)


database = connect()
app = FastAPI()


@app.get("/")
@app.get("/ready")
def ready():
    return {"rows": database.execute("SELECT count(*) FROM orders").fetchone()[0]}


@app.post("/orders", status_code=201)
def order(item: str = Body(embed=True)):
    database.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"ordered": item}
