"""A shop that says which commit it was built from."""

from fastapi import Body, FastAPI
from pydantic_settings import BaseSettings

class Build(BaseSettings):
    shop_commit: str = "unknown"


REVISION = Build().shop_commit

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
