"""One of two apps."""

from fastapi import FastAPI
from billing_pricing import total



app = FastAPI()


@app.get("/")
def home():
    return {"app": "billing"}


@app.get("/invoice")
def invoice(pieces: int):
    return {"cents": total(pieces)}
