"""A shop in FastAPI: orders in PostgreSQL, carts and sessions in Redis, prices from another app."""

import logging
import secrets
import sys

import httpx
import psycopg
import redis
import uvicorn
from fastapi import FastAPI, Request, Response
from psycopg_pool import ConnectionPool
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    redis_url: str
    prices_url: str
    port: int = 8000


settings = Settings()
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
app = FastAPI()
pool = ConnectionPool(
    settings.database_url,
    min_size=0,
    max_size=5,
    timeout=3,
    reconnect_timeout=1,  # else it waits longer and longer between two tries
    open=True,
    check=ConnectionPool.check_connection,
)
store = redis.Redis.from_url(
    settings.redis_url, decode_responses=True, socket_timeout=1, socket_connect_timeout=1
)
TABLE = "CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, item text NOT NULL)"


@app.exception_handler(psycopg.Error)
@app.exception_handler(redis.RedisError)
def away(request: Request, error: Exception):
    return Response(type(error).__name__, status_code=503)


@app.middleware("http")
async def log(request: Request, call_next):
    response = await call_next(request)
    logging.info("%s %s %s", request.method, request.url, response.status_code)
    return response


def tables(connection):
    connection.execute("SELECT pg_advisory_xact_lock(7)")
    connection.execute(TABLE)


@app.get("/healthz")
async def live():
    return "alive"


@app.get("/readyz")
def ready():
    with pool.connection(timeout=1) as connection:
        tables(connection)
    return "ready"


@app.get("/orders")
def orders():
    with pool.connection() as connection:
        tables(connection)
        return [row[0] for row in connection.execute("SELECT item FROM orders")]


@app.post("/orders", status_code=201)
def order(body: dict):
    with pool.connection() as connection:
        tables(connection)
        connection.execute("INSERT INTO orders (item) VALUES (%s)", (body["item"],))


@app.post("/visits")
def visit():
    return {"visits": store.incr("visits")}


@app.post("/login")
def login(body: dict, response: Response):
    id = secrets.token_urlsafe(24)
    store.set(f"session:{id}", body["user"], ex=3600)
    response.set_cookie("session", id, httponly=True)


@app.get("/me")
def me(request: Request):
    user = store.get("session:" + request.cookies.get("session", ""))
    return {"user": user} if user else Response(status_code=401)


@app.get("/total")
async def total(request: Request):
    trace = {key: request.headers[key] for key in ("traceparent",) if key in request.headers}
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{settings.prices_url}/prices", headers=trace)).json()


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=settings.port, access_log=False)
