"""A shop in Flask, behind gunicorn with threads."""

import os

from flask import Flask, jsonify, request, session
from psycopg_pool import ConnectionPool

missing = [name for name in ("DATABASE_URL", "SECRET_KEY") if name not in os.environ]
if missing:
    raise RuntimeError(f"set these variables: {', '.join(missing)}")

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
pool = ConnectionPool(
    os.environ["DATABASE_URL"],
    min_size=0,
    max_size=4,
    timeout=3,
    reconnect_timeout=1,  # else it waits longer and longer between two tries
    open=True,
    kwargs={"connect_timeout": 3, "tcp_user_timeout": 3000},
    check=ConnectionPool.check_connection,
)
TABLE = "CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, item text NOT NULL)"
made = False


def prepare(connection):
    """Make the table, one process at a time."""
    global made
    if not made:
        connection.execute("SELECT pg_advisory_xact_lock(7)")
        connection.execute(TABLE)
        made = True


@app.get("/healthz")
def live():
    return "alive"


@app.get("/readyz")
def ready():
    try:
        with pool.connection(timeout=1) as connection:
            prepare(connection)
    except Exception as error:
        return f"not ready: {type(error).__name__}", 503
    return "ready"


@app.get("/orders")
def orders():
    with pool.connection() as connection:
        prepare(connection)
        return jsonify([row[0] for row in connection.execute("SELECT item FROM orders")])


@app.post("/orders")
def order():
    item = request.get_json()["item"]
    with pool.connection() as connection:
        prepare(connection)
        connection.execute("INSERT INTO orders (item) VALUES (%s)", (item,))
    return {"item": item}, 201


@app.post("/login")
def login():
    session["user"] = request.get_json()["user"]
    return {}


@app.get("/me")
def me():
    if "user" not in session:
        return {}, 401
    return {"user": session["user"]}
