"""A shop that says which commit it was built from."""

import sys

import uvicorn
from fastapi import Body, FastAPI

REVISION = sys.argv[1]

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


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=8000)
