"""A shop without a framework."""

import asyncio
import json

import uvicorn

state = {"ready": True}


async def take_order(receive):
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await asyncio.sleep(0.5)
    return 201, {"ordered": json.loads(body)["item"]}


async def answer(method, path, receive):
    if (method, path) == ("POST", "/orders"):
        return await take_order(receive)
    if (method, path) == ("POST", "/drain"):
        state["ready"] = False
        return 202, {}
    if (method, path) == ("GET", "/ready"):
        return (200 if state["ready"] else 503), state
    return 200, {"greeting": "Hello"}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    status, found = await answer(scope["method"], scope["path"], receive)
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=8000, lifespan="off")
