import os

import psycopg
import uvicorn
from fastapi import Body, FastAPI

DATABASE_URL = os.getenv("DATABASE_URL", "postgresql://shop@localhost:5432/shop")
GREETING = os.getenv("GREETING", "Hello")
PORT = int(os.getenv("PORT", "8000"))

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
