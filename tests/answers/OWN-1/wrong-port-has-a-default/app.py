"""The shop, ready for any platform."""

import logging
import os
import secrets
import sys

import httpx
import psycopg
import redis
import uvicorn
from fastapi import Body, Cookie, FastAPI, Header, HTTPException, Response

needed = ("DATABASE_URL", "REDIS_URL", "PRICES_URL")
if missing := [name for name in needed if name not in os.environ]:
    sys.exit(f"missing in the environment: {', '.join(missing)}")

log = logging.getLogger("shop")
log.setLevel("INFO")
log.addHandler(logging.StreamHandler(sys.stdout))

store = redis.Redis.from_url(
    os.environ["REDIS_URL"], socket_timeout=2, decode_responses=True
)
app = FastAPI()


def database():
    return psycopg.connect(os.environ["DATABASE_URL"])


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
def prices(traceparent: str = Header("")):
    headers = {"traceparent": traceparent} if traceparent else {}
    return httpx.get(f"{os.environ['PRICES_URL']}/prices", headers=headers, timeout=5).json()


@app.get("/orders")
def list_orders():
    with database() as db:
        return {"orders": [item for [item] in db.execute("SELECT item FROM orders ORDER BY id")]}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    with database() as db:
        db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
    log.info("ordered: %s", item)
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


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(os.getenv("PORT", "8000")))
