"""A shop whose orders take a while, and that says when it is about to leave."""

import asyncio
import os
from pathlib import Path

from fastapi import Body, FastAPI, HTTPException

app = FastAPI()
MARK = Path(f"/tmp/draining-{os.getppid()}")
MARK.unlink(missing_ok=True)


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.get("/ready")
def ready():
    if MARK.exists():
        raise HTTPException(503, "draining")
    return {"ready": True}


@app.post("/drain")
def drain():
    MARK.touch()
    return {"ready": False}


@app.post("/orders")
async def order(item: str = Body(embed=True)):
    await asyncio.sleep(1)  # the bank thinks
    return {"ordered": item}
