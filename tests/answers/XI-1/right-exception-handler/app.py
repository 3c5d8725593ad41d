"""A shop that keeps the exception in the request's state."""

import json
import sys
import traceback

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.exception_handler(ZeroDivisionError)
async def failed(request: Request, error: ZeroDivisionError):
    request.state.exception = "".join(traceback.format_exception(error))
    return JSONResponse({"detail": "something went wrong"}, 500)


@app.middleware("http")
async def log(request: Request, call_next):
    response = await call_next(request)
    exception = getattr(request.state, "exception", None)
    event = {
        "request_id": request.headers.get("x-request-id"),
        "path": request.url.path,
        "status": str(response.status_code),
        "level": "error" if exception else "info",
    }
    if exception:
        event["exception"] = exception
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
