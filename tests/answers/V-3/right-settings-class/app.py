"""A tea shop with a page for its customers."""

import psycopg
from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    greeting: str
    support: str


settings = Settings()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": settings.greeting, "support": settings.support}


@app.get("/page", response_class=HTMLResponse)
def page():
    return f"<h1>{settings.greeting}</h1><p>Questions? Write to {settings.support}.</p>"


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(settings.database_url) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    return {"sold": item}
