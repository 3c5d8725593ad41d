"""A shop that sends its mails after it has answered."""

import os

import httpx
from fastapi import BackgroundTasks, Body, FastAPI

MAILS = os.environ["MAIL_URL"] + "/mails"

app = FastAPI()


def send(kind, order=""):
    httpx.post(MAILS, json={"kind": kind, "order": order}, timeout=120)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def take(background: BackgroundTasks, order: str = Body(embed=True)):
    background.add_task(send, "order", order)
    return {"ordered": order}
