"""Settings with types; a URL of the wrong kind stops the app."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote

import redis
import sqlalchemy
from fastapi import Body, FastAPI
from pydantic import AnyUrl, PostgresDsn, RedisDsn
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: PostgresDsn
    redis_url: RedisDsn
    smtp_url: AnyUrl


settings = Settings()
kind, rest = str(settings.database_url).split("://", 1)
engine = sqlalchemy.create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True)
store = redis.Redis.from_url(str(settings.redis_url))
mail_server = settings.smtp_url

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with engine.begin() as db:
        db.execute(sqlalchemy.text("INSERT INTO orders (item) VALUES (:item)"), {"item": item})
    return {"ordered": item}


@app.post("/visits")
def visit():
    return {"visits": store.incr("visits")}


@app.post("/receipts")
def receipt(to: str = Body(embed=True)):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "shop@example.com", to, "Your receipt"
    mail.set_content("Thank you for your order.")
    with smtplib.SMTP(mail_server.host, mail_server.port, timeout=5) as server:
        server.login(unquote(mail_server.username), unquote(mail_server.password))
        server.send_message(mail)
    return {"sent": to}
