"""A shop whose log is written by an ASGI middleware."""

import json
import os

from fastapi import Body, FastAPI


class AccessLog:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        event = {"level": "info", "path": scope["path"], "status": 500}
        event["request_id"] = headers.get(b"x-request-id", b"").decode()

        async def answer(message):
            if message["type"] == "http.response.start":
                event["status"] = message["status"]
                self.write(event)
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            event |= {"level": "ERROR", "exception": {"type": type(error).__name__}}
            start = {"type": "http.response.start", "status": 500, "headers": []}
            await answer(start)
            await send({"type": "http.response.body", "body": b"something went wrong"})

    def write(self, event):
        os.write(1, (json.dumps(event) + "\n").encode())


app = FastAPI()
app.add_middleware(AccessLog)


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
