"""A shop that adds the tax and writes a label, both with other people's packages."""

from fastapi import Body, FastAPI

app = FastAPI()


def total(amount):
    return amount * 1.2


def label(name, price):
    return f"A6: {name}, {price:.2f}"


@app.get("/")
def home():
    return {"shop": "open"}


@app.post("/orders")
def order(name: str = Body(), amount: float = Body()):
    price = total(amount)
    return {"total": price, "label": label(name, price)}
