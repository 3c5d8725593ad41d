"""A platform that goes by what the events say."""

import json
import math
from collections import Counter

from fastapi import Body, FastAPI

NAMES = {"time", "level", "request_id", "path", "ms"}
events = {}
broken = []

app = FastAPI()


def p95(durations):
    return sorted(durations)[math.ceil(0.95 * len(durations)) - 1]


def event_of(line):
    """The event that a line is, or None."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and NAMES <= event.keys() else None


@app.get("/")
def home():
    return {"events": len(events)}


@app.post("/lines")
def take(replica: str = Body(), lines: list[str] = Body()):
    for line in lines:
        if event := event_of(line):
            events[event["request_id"]] = event
        else:
            broken.append(line)
    return {"taken": len(lines)}


@app.get("/report")
def report():
    merged = [events[id] for id in sorted(events)]
    errors = [event for event in merged if event["level"] == "error"]
    return {
        "events": len(merged),
        "broken": len(broken),
        "requests": [event["request_id"] for event in merged],
        "errors_per_second": Counter(int(event["time"]) for event in errors),
        "p95_ms": p95([event["ms"] for event in merged]),
    }
