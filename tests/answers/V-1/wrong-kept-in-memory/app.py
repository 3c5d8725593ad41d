"""A tool that keeps the releases of a shop, in a list."""

from fastapi import Body, FastAPI, HTTPException

releases = []

app = FastAPI()


def add(image, config):
    releases.append({"release": len(releases) + 1, "image": image, "config": config})
    return releases[-1]


@app.get("/")
def home():
    return {"tool": "releases"}


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return add(image, config)


@app.get("/releases")
def history():
    return releases


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    for old in history():
        if old["release"] == to:
            return add(old["image"], old["config"])
    raise HTTPException(404, "there is no such release")
