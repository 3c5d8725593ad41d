"""A shop behind a router."""

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
    scheme = request.headers.get("x-forwarded-proto", "http")
    client = request.headers.get("x-forwarded-for", request.client.host)
    return {"link": str(request.url_for("home").replace(scheme=scheme)), "client": client}
