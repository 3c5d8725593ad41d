"""A shop with a JSON formatter of its own."""

import json
import logging
import sys
import time

from fastapi import Body, FastAPI, Request
from fastapi.responses import JSONResponse


class JsonFormatter(logging.Formatter):
    def format(self, record):
        event = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **record.fields,
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return json.dumps(event)


handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonFormatter())
log = logging.getLogger("shop.access")
log.setLevel("INFO")
log.addHandler(handler)

app = FastAPI()


@app.middleware("http")
async def access(request: Request, call_next):
    began = time.perf_counter()
    fields = {
        "method": request.method,
        "path": request.url.path,
        "request_id": request.headers.get("X-Request-ID", "-"),
    }
    try:
        response = await call_next(request)
    except Exception:
        fields |= {"status": 500}
        log.exception("request failed", extra={"fields": fields})
        return JSONResponse({"detail": "something went wrong"}, status_code=500)
    fields |= {"status": response.status_code, "seconds": time.perf_counter() - began}
    log.info("request", extra={"fields": fields})
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body()):
    return {"item": item, "grams": 454 // pieces}
