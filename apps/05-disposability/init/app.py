"""A shop whose orders take a while: the customer's bank is asked."""

import asyncio
import os

from fastapi import Body, FastAPI

SECONDS = float(os.environ.get("BANK_SECONDS", "2"))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(SECONDS)  # the bank thinks
    return {"ordered": item}
