"""urlsplit finds the parts."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

import psycopg
import redis
from fastapi import Body, FastAPI

url = urlsplit(os.environ["DATABASE_URL"])
DATABASE = {
    "host": url.hostname,
    "port": url.port,
    "user": url.username,
    "password": url.password,
    "dbname": url.path[1:],
}
store = redis.Redis.from_url(os.environ["REDIS_URL"])
mail_server = urlsplit(os.environ["SMTP_URL"])

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with psycopg.connect(**DATABASE) as db:
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
        server.login(mail_server.username, mail_server.password)
        server.send_message(mail)
    return {"sent": to}
