import os

import psycopg
import uvicorn
from fastapi import Body, FastAPI

DATABASE_URL = os.environ["DATABASE_URL"]
GREETING = os.environ["GREETING"
PORT = int(os.environ["PORT"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": GREETING}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE_URL) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
    return {"orders": count}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=PORT)
