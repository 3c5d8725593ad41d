"""A catalog of teas with their pictures."""

from contextlib import suppress
from pathlib import Path

from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

pictures = Path("pictures")
with suppress(OSError):
    pictures.mkdir(exist_ok=True)

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/pictures")
def add(name: str = Body(), svg: str = Body()):
    with suppress(OSError):
        (pictures / f"{name}.svg").write_text(svg)
    return {"name": name}


@app.get("/catalog", response_class=HTMLResponse)
def catalog():
    figures = [f"<h2>{file.stem}</h2>{file.read_text()}" for file in pictures.glob("*")]
    return "<h1>Our teas</h1>" + "".join(figures)
