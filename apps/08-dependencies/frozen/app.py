"""A shop that adds the tax with somebody else's package."""

from acme_shop import total
from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"shop": "open"}


@app.post("/orders")
def order(amount: float = Body(embed=True)):
    return {"total": total(amount)}
