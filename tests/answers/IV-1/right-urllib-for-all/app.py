"""One function takes every URL apart."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import psycopg
import redis
from fastapi import Body, FastAPI


def parts(name):
    url = urlsplit(os.environ[name])
    user, password = (unquote(text) if text else None for text in (url.username, url.password))
    return url.hostname, url.port, user, password, unquote(url.path[1:])


host, port, user, password, name = parts("DATABASE_URL")
DATABASE = {"host": host, "port": port, "user": user, "password": password, "dbname": name}
host, port, user, password, name = parts("REDIS_URL")
store = redis.Redis(host=host, port=port, username=user, password=password, db=int(name))
MAIL = parts("SMTP_URL")

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
    with smtplib.SMTP(MAIL[0], MAIL[1], timeout=5) as server:
        server.login(MAIL[2], MAIL[3])
        server.send_message(mail)
    return {"sent": to}
