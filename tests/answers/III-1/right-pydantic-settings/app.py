import psycopg
import uvicorn
from fastapi import Body, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    greeting: str
    port: int


settings = Settings()
app = FastAPI()


@app.get("/")
async def home():
    return {"greeting": settings.greeting}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    async with await psycopg.AsyncConnection.connect(settings.database_url) as db:
        await db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
        cursor = await db.execute("SELECT count(*) FROM orders")
        (count,) = await cursor.fetchone()
    return {"orders": count}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=settings.port)
