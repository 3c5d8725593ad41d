"""A pool of connections, opened when it is needed."""

import os
import smtplib
from email.message import EmailMessage
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import redis
from fastapi import Body, FastAPI
from psycopg_pool import ConnectionPool

url = os.environ["DATABASE_URL"]
if url.startswith("postgres://"):
    url = "postgresql://" + url.removeprefix("postgres://")
pool = ConnectionPool(url, min_size=1, max_size=4, open=False)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
mail_server = urlsplit(os.environ["SMTP_URL"])


@asynccontextmanager
async def lifespan(app):
    pool.open()
    yield
    pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with pool.connection() as db:
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
