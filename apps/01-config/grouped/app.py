"""A shop whose config is grouped by the name of the deploy."""

import os

import psycopg
from fastapi import Body, FastAPI

SETTINGS = {
    "staging": {
        "database_url": "postgresql://shop:open-sesame@staging:5432/shop",
        "greeting": "Hello from staging",
    },
    "production": {
        "database_url": "postgresql://shop:melon-46@production:5432/shop",
        "greeting": "Hello",
    },
}
settings = SETTINGS[os.environ.get("APP_ENV", "staging")]

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": settings["greeting"]}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(settings["database_url"]) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}
