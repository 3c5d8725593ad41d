"""A shop whose orders take a while."""

import asyncio

from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(1)  # the bank thinks
    return {"ordered": item}
