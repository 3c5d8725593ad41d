import os
import sys

import psycopg
import uvicorn
from fastapi import Body, FastAPI

app = FastAPI()


def setting(name):
    if name not in os.environ:
        sys.exit(f"{name} is not set")
    return os.environ[name]


@app.get("/")
def home():
    return {"greeting": setting("GREETING")}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(setting("DATABASE_URL")) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(setting("PORT")))
