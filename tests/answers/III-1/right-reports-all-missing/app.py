import os
import sys
from dataclasses import dataclass, fields

import psycopg
import uvicorn
from fastapi import Body, FastAPI


@dataclass(frozen=True)
class Config:
    database_url: str
    greeting: str
    port: str

    @classmethod
    def load(cls, env):
        names = [field.name for field in fields(cls)]
        missing = [name.upper() for name in names if not env.get(name.upper())]
        if missing:
            print("not set:", ", ".join(missing), file=sys.stderr)
            sys.exit(2)
        return cls(*(env[name.upper()] for name in names))


def make_app(config):
    app = FastAPI()

    @app.get("/")
    def home():
        return {"greeting": config.greeting}

    @app.post("/orders")
    def order(item: str = Body(embed=True)):
        with psycopg.connect(config.database_url) as db:
            db.execute("INSERT INTO orders (item) VALUES (%s)", [item])
            count = db.execute("SELECT count(*) FROM orders").fetchone()[0]
        return {"orders": count}

    return app


if __name__ == "__main__":
    config = Config.load(os.environ)
    uvicorn.run(make_app(config), host="0.0.0.0", port=int(config.port))
