"""The same shop, which fetches all prices before it serves anybody."""

import asyncio
import os
import time

from fastapi import Body, FastAPI

SECONDS = float(os.environ.get("BANK_SECONDS", "2"))


def fetch_price(number):
    time.sleep(0.02)  # the supplier's server
    return 100 + number


PRICES = {number: fetch_price(number) for number in range(100)}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(SECONDS)  # the bank thinks
    return {"ordered": item}
