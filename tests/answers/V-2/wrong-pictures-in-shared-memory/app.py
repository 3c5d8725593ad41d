"""A catalog of teas with their pictures."""

from pathlib import Path

from fastapi import Body, FastAPI
from fastapi.responses import HTMLResponse

pictures = Path("/dev/shm/pictures")
pictures.mkdir(exist_ok=True)
page = Path("/tmp/catalog.html")

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/pictures")
def add(name: str = Body(), svg: str = Body()):
    (pictures / f"{name}.svg").write_text(svg)
    page.unlink(missing_ok=True)
    return {"name": name}


@app.get("/catalog", response_class=HTMLResponse)
def catalog():
    if not page.exists():
        figures = [f"<h2>{file.stem}</h2>{file.read_text()}" for file in pictures.iterdir()]
        page.write_text("<h1>Our teas</h1>" + "".join(figures))
    return page.read_text()
