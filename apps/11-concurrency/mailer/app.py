"""A mail service for the exercises: it holds each mail that comes until it is told to let go."""

import asyncio
import time

from fastapi import Body, FastAPI, Request

app = FastAPI()
mails = []
held = []
gate = {"open": False, "go": asyncio.Event()}


@app.get("/")
def home():
    return {"mails": len(mails)}


@app.get("/mails")
async def all_mails():
    return {"mails": mails, "held": held}


@app.post("/mails")
async def take(request: Request, mail: dict = Body()):  # noqa: B008
    sender = request.client.host
    mails.append({**mail, "sender": sender, "at": time.monotonic()})
    if not gate["open"]:
        held.append(sender)
        await gate["go"].wait()
        held.remove(sender)
    return {"sent": True}


@app.post("/gate/{state}")
async def move(state: str):
    gate["go"].set()  # those that are held now go
    gate["go"] = asyncio.Event()
    gate["open"] = state == "open"
    return gate["open"]
