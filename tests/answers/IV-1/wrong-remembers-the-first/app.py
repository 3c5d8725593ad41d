"""The settings are read once and kept where all replicas find them."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import psycopg
import redis
from fastapi import Body, FastAPI

store = redis.Redis.from_url(os.environ["REDIS_URL"])
store.hsetnx("settings", "database", os.environ["DATABASE_URL"])
DATABASE = store.hget("settings", "database").decode()
mail_server = urlsplit(os.environ["SMTP_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(DATABASE) as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
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
