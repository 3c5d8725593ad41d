"""A platform that lets SQLite do the work."""

import sqlite3
import threading

from fastapi import Body, FastAPI
from pydantic import BaseModel, ValidationError

db = sqlite3.connect(":memory:", check_same_thread=False)
db.execute("CREATE TABLE events (id TEXT PRIMARY KEY, time REAL, level TEXT, ms REAL)")
db.execute("CREATE TABLE broken (line TEXT)")
lock = threading.Lock()

app = FastAPI()


class Event(BaseModel):
    time: float
    level: str
    request_id: str
    path: str
    ms: float


@app.get("/")
def home():
    return "ready"


@app.post("/lines")
def take(lines: list[str] = Body(embed=True)):
    with lock:
        for line in lines:
            try:
                event = Event.model_validate_json(line)
            except ValidationError:
                db.execute("INSERT INTO broken VALUES (?)", (line,))
                continue
            values = (event.request_id, event.time, event.level, event.ms)
            db.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)", values)
    return {"lines": len(lines)}


@app.get("/report")
def report():
    with lock:
        ids = [id for (id,) in db.execute("SELECT id FROM events ORDER BY time")]
        errors = db.execute(
            "SELECT CAST(CAST(time AS INTEGER) AS TEXT), count(*) FROM events "
            "WHERE level = 'error' GROUP BY 1"
        ).fetchall()
        [(p95,)] = db.execute(
            "SELECT ms FROM events ORDER BY ms LIMIT 1 OFFSET ?", (-(-len(ids) * 95 // 100) - 1,)
        )
        [(broken,)] = db.execute("SELECT count(*) FROM broken")
    return {
        "events": len(ids),
        "broken": broken,
        "requests": ids,
        "errors_per_second": dict(errors),
        "p95_ms": p95,
    }
