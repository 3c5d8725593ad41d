"""SQLAlchemy takes the URL as it is."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import redis
import sqlalchemy
from fastapi import Body, FastAPI

engine = sqlalchemy.create_engine(os.environ["DATABASE_URL"])
store = redis.Redis.from_url(os.environ["REDIS_URL"])
mail_server = urlsplit(os.environ["SMTP_URL"])

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
    with smtplib.SMTP(mail_server.hostname, mail_server.port, timeout=5) as server:
        server.login(unquote(mail_server.username), unquote(mail_server.password))
        server.send_message(mail)
    return {"sent": to}
