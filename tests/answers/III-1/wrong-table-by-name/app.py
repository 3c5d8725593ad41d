import os

import psycopg
import uvicorn
from fastapi import Body, FastAPI

SETTINGS = {
    "development": {
        "database_url": "postgresql://shop:shop@localhost:5432/shop",
        "greeting": "Hello, developer",
        "port": 8000,
    },
    "staging": {
        "database_url": "postgresql://shop:open-sesame@staging:5432/shop",
        "greeting": "Hello from staging",
        "port": 8000,
    },
    "production": {
        "database_url": "postgresql://shop:melon-46@production:5432/shop",
        "greeting": "Hello",
        "port": 80,
    },
}
settings = SETTINGS[os.environ.get("APP_ENV", "development")]
DATABASE_URL = settings["database_url"]
GREETING = settings["greeting"]
PORT = settings["port"]

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
