"""A catalog of teas with their pictures, in memory."""

from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

pictures = {}

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/pictures")
def add(name: str = Body(), svg: str = Body()):
    pictures[name] = svg
    return {"name": name}


@app.get("/catalog", response_class=HTMLResponse)
def catalog():
    rows = pictures.items()
    return "<h1>Our teas</h1>" + "".join(f"<h2>{name}</h2>{svg}" for name, svg in rows)
