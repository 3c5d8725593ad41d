import uvicorn
from fastapi import Body, FastAPI
from sqlalchemy import create_engine, text

import settings

engine = create_engine(settings.DATABASE_URL)
app = FastAPI()


@app.get("/")
def home():
    return settings.GREETING


@app.post("/orders", status_code=201)
def order(item: str = Body(embed=True)):
    with engine.begin() as db:
        db.execute(text("INSERT INTO orders (item) VALUES (:item)"), {"item": item})
        return {"orders": db.scalar(text("SELECT count(*) FROM orders"))}


def main():
    uvicorn.Server(uvicorn.Config(app, host="0.0.0.0", port=settings.PORT)).run()


main()
