"""A tool that keeps the releases of a shop, through SQLAlchemy."""

import os
from datetime import UTC, datetime

from fastapi import Body, FastAPI, HTTPException
from sqlalchemy import JSON, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
engine = create_engine(url)


class Base(DeclarativeBase):
    pass


class Release(Base):
    __tablename__ = "ledger"
    number: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String)
    image: Mapped[str] = mapped_column(String)
    config: Mapped[dict] = mapped_column(JSON)
    rolled_back_to: Mapped[int | None]

    def told(self):
        return {
            "release": self.number, "image": self.image, "config": self.config, "tag": self.tag,
            "rolled_back_to": self.rolled_back_to, "seen": datetime.now(UTC).isoformat(),
        }


Base.metadata.create_all(engine)
app = FastAPI()


def keep(entry):
    with Session(engine) as session:
        session.add(entry)
        session.commit()
        return entry.told()


@app.post("/releases")
def release(tag: str = Body(), image: str = Body(), config: dict = Body()):
    return keep(Release(tag=tag, image=image, config=config))


@app.get("/releases")
def history():
    with Session(engine) as session:
        return [one.told() for one in session.scalars(select(Release).order_by(Release.number))]


@app.post("/rollback")
def rollback(to: int = Body(embed=True)):
    with Session(engine) as session:
        old = session.get(Release, to)
        if old is None:
            raise HTTPException(404, f"no release {to}")
        again = Release(tag=old.tag, image=old.image, config=old.config, rolled_back_to=to)
    return keep(again)
