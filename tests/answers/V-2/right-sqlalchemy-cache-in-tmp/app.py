"""A catalog of teas with their pictures, through SQLAlchemy, cached in /tmp."""

import os
from pathlib import Path

from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse
from sqlalchemy import create_engine, text

url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
engine = create_engine(url)
page = Path("/tmp/cache/catalog.html")
page.parent.mkdir(exist_ok=True)
Path("/tmp/shop.pid").write_text(str(os.getpid()))

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/pictures")
def add(name: str = Body(), svg: str = Body()):
    with engine.begin() as db:
        db.execute(text("INSERT INTO pictures VALUES (:name, :svg)"), {"name": name, "svg": svg})
    page.unlink(missing_ok=True)
    return {"name": name}


@app.get("/catalog", response_class=HTMLResponse)
def catalog():
    if not page.exists():
        with engine.connect() as db:
            rows = db.execute(text("SELECT name, svg FROM pictures")).all()
        page.write_text("".join(f"<h2>{row.name}</h2>{row.svg}" for row in rows))
    return page.read_text()
