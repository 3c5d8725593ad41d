"""A platform that keeps its events in order as they come."""

import json
from bisect import insort
from statistics import quantiles

from fastapi import FastAPI, Request

merged, seen, counts = [], set(), {"broken": 0}

app = FastAPI()


@app.get("/")
async def home():
    return "ready"


@app.post("/lines", status_code=202)
async def take(request: Request):
    for line in (await request.json())["lines"]:
        try:
            event = json.loads(line)
            key = (event["time"], event["request_id"], event["level"], event["ms"], event["path"])
        except (ValueError, TypeError, KeyError):
            counts["broken"] += 1
            continue
        if key not in seen:
            seen.add(key)
            insort(merged, key)


@app.get("/report")
async def report():
    first, last = int(merged[0][0]), int(merged[-1][0])
    errors = {second: 0 for second in range(first, last + 1)}
    for time, _, level, _, _ in merged:
        errors[int(time)] += level == "error"
    return {
        "events": len(merged),
        "broken": counts["broken"],
        "requests": [key[1] for key in merged],
        "errors_per_second": errors,
        "p95_ms": quantiles([key[3] for key in merged], n=20)[-1],
    }
