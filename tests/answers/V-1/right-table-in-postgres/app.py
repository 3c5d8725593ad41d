"""A tool that keeps the releases of a shop, in a table."""

import os

import psycopg
from fastapi import Body, FastAPI, HTTPException
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

app = FastAPI()


def query(statement, *parameters):
    with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as db:
        return db.execute(statement, parameters).fetchall()


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases", status_code=201)
def release(image: str = Body(), config: dict = Body()):
    return query(
        "INSERT INTO releases (image, config) VALUES (%s, %s) RETURNING *", image, Jsonb(config)
    )[0]


@app.get("/releases")
def history():
    return query("SELECT * FROM releases ORDER BY release")


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    made = query(
        "INSERT INTO releases (image, config) SELECT image, config FROM releases "
        "WHERE release = %s RETURNING *",
        to,
    )
    if not made:
        raise HTTPException(404)
    return made[0]
