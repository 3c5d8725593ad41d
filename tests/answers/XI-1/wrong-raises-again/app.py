"""A shop that logs one JSON object for each request."""

import json

from fastapi import Body, FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def tell(request: Request, call_next):
    event = {
        "level": "info",
        "path": request.url.path,
        "request_id": request.headers.get("x-request-id"),
    }
    try:
        response = await call_next(request)
    except Exception as error:
        event |= {"level": "error", "exception": repr(error)}
        print(json.dumps({**event, "status": 500}), flush=True)
        raise
    print(json.dumps({**event, "status": response.status_code}), flush=True)
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
