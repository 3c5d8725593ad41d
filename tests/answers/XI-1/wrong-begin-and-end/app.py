"""A shop that logs one JSON object for each request."""

import json

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def tell(request: Request, call_next):
    event = {
        "level": "info",
        "path": request.url.path,
        "request_id": request.headers.get("x-request-id"),
    }
    print(json.dumps(event), flush=True)
    try:
        response = await call_next(request)
    except Exception as error:
        event |= {"level": "error", "exception": repr(error)}
        response = JSONResponse({"detail": "something went wrong"}, 500)
    print(json.dumps({**event, "status": response.status_code}), flush=True)
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
