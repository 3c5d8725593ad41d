"""A tool that keeps the releases of a shop, as a stream of events."""

import json
import os

import redis
from fastapi import Body, FastAPI, Response

store = redis.Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
app = FastAPI()


def releases():
    found = {}
    for id, event in store.xrange("events"):
        number = int(id.partition("-")[0])
        old = found.get(int(event.get("to", 0)))
        found[number] = {
            "release": number,
            "image": old["image"] if old else event["image"],
            "config": old["config"] if old else json.loads(event["config"]),
        }
    return found


def add(event):
    number = 100 + store.incr("last")
    store.xadd("events", event, id=f"{number}-0")
    return releases()[number]


@app.get("/")
def home():
    return {"releases": len(releases())}


@app.post("/releases")
def release(image: str = Body(), config: dict = Body()):
    return add({"image": image, "config": json.dumps(config)})


@app.get("/releases")
def history():
    return list(releases().values())


@app.post("/rollback")
def rollback(response: Response, to: int = Body(embed=True)):
    if to not in releases():
        response.status_code = 409
        return {"error": "unknown"}
    return add({"to": to})
