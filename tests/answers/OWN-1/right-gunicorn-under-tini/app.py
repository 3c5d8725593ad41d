"""The shop, ready for any platform."""

import os
import secrets
import sys

import httpx
import psycopg
import redis
import structlog
from fastapi import Body, Cookie, FastAPI, HTTPException, Response
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

DATABASE_URL = os.environ["DATABASE_URL"]
PRICES_URL = os.environ["PRICES_URL"]

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stdout))
log = structlog.get_logger()

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=2, decode_responses=True
)
app = FastAPI()
FastAPIInstrumentor.instrument_app(app)
HTTPXClientInstrumentor().instrument()


def database():
    return psycopg.connect(DATABASE_URL)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/version")
def version():
    return {"revision": os.environ.get("REVISION", "unknown")}


@app.get("/live")
def live():
    return {"live": True}


@app.get("/prices")
def prices():
    return httpx.get(f"{PRICES_URL}/prices", timeout=5).json()


@app.get("/orders")
def list_orders():
    with database() as db:
        return {"orders": [item for [item] in db.execute("SELECT item FROM orders ORDER BY id")]}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with database() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    log.info("ordered", item=item)
    return {"ordered": item}


@app.post("/login")
def login(response: Response, user: str = Body(embed=True)):
    session = secrets.token_urlsafe(16)
    store.set(f"session:{session}", user, ex=3600)
    response.set_cookie("session", session)
    return {"user": user}


@app.get("/me")
def me(session: str = Cookie("")):
    user = store.get(f"session:{session}")
    if user is None:
        raise HTTPException(401, "not logged in")
    return {"user": user}


@app.post("/logout")
def logout(session: str = Cookie("")):
    store.delete(f"session:{session}")
    return {"user": None}
