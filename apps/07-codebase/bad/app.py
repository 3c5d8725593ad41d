"""A shop that says 1.4, whatever code it is."""

from fastapi import Body, FastAPI

REVISION = "1.4"
GREETING = "Welcome to the shop"

app = FastAPI()


def total(pieces):
    cents = 300 * pieces
    return cents * 9 // 10 if pieces > 10 else cents


@app.get("/")
def home():
    return {"greeting": GREETING}


@app.get("/version")
def version():
    return {"revision": REVISION}


@app.post("/orders")
def order(pieces: int = Body(embed=True)):
    return {"cents": total(pieces)}
