"""A shop that listens on all interfaces, on the port that it is told."""

import os

import uvicorn
from fastapi import Body, FastAPI, Request

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.post("/orders")
def order(item: str = Body(embed=True)):
    return {"sold": item}


@app.get("/caller")
def caller(request: Request):
    return {"link": str(request.url_for("home")), "client": request.client.host}


if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"]))
