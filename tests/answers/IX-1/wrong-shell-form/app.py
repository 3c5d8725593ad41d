"""A shop whose orders take a while, and that says when it is about to leave."""

import asyncio

from fastapi import Body, FastAPI, HTTPException

app = FastAPI()
draining = False


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    if draining:
        raise HTTPException(503, "draining")
    return {"ready": True}


@app.post("/drain")
def drain():
    global draining
    draining = True
    return {"ready": False}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(1)  # the bank thinks
    return {"ordered": item}
