"""A URL is text between colons."""

import os
import smtplib
from email.message import EmailMessage
from urllib.parse import unquote

import psycopg
import redis
from fastapi import Body, FastAPI


def parts(name):
    kind, user, rest, port = os.environ[name].split(":")
    password, host = rest.split("@")
    return host, port, user.strip("/"), unquote(password)


host, port, user, password = parts("DATABASE_URL")
DATABASE = {"host": host, "port": port.split("/")[0], "user": user, "password": password}
DATABASE["dbname"] = port.split("/")[1]
host, port = os.environ["REDIS_URL"].split("/")[2].split(":")
store = redis.Redis(host, int(port))
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
    with smtplib.SMTP(MAIL[0], int(MAIL[1]), timeout=5) as server:
        server.login(MAIL[2], MAIL[3])
        server.send_message(mail)
    return {"sent": to}
