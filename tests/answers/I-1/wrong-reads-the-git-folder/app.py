"""A shop that says which commit it was built from."""

from pathlib import Path

from fastapi import Body, FastAPI

GIT = Path("/app/.git")
HEAD = (GIT / "HEAD").read_text().strip()
REVISION = (GIT / HEAD.removeprefix("ref: ")).read_text().strip()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/version")
def version():
    return {"revision": REVISION}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}
