"""A tea shop. Its currency comes from the environment, its orders lie beside the code."""

import os
from pathlib import Path

from fastapi import Body, FastAPI

VERSION = "1.2.3"
PRICE = 4
CURRENCY = os.environ["CURRENCY"]
store = Path("orders")

app = FastAPI()


@app.get("/")
def home():
    return {"version": VERSION, "tea": f"{PRICE} {CURRENCY}"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    store.mkdir(exist_ok=True)
    (store / item).write_text(f"{PRICE} {CURRENCY}")
    return {"item": item, "price": f"{PRICE} {CURRENCY}"}


@app.get("/orders")
def orders():
    return {"currency": CURRENCY, "orders": [file.name for file in store.glob("*")]}
