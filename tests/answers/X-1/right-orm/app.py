"""A shop that lets SQLAlchemy write its statements."""

import os
from datetime import date

from fastapi import FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

database = create_engine(os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    price: Mapped[int | None]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    product: Mapped[int]
    day: Mapped[date]


app = FastAPI()


@app.get("/")
def home():
    return {}


@app.get("/products")
def search(begins: str):
    with Session(database) as session:
        return session.scalars(
            select(Product.name).where(Product.name.istartswith(begins)).order_by(Product.id)
        ).all()


@app.get("/prices")
def prices():
    with Session(database) as session:
        found = session.scalars(
            select(Product).order_by(Product.price.nulls_first(), Product.id).limit(20)
        )
        return [{"name": one.name, "price": one.price} for one in found]


@app.get("/latest")
def latest():
    with Session(database) as session:
        inner = select(Order.customer, func.max(Order.day).label("day")).group_by(Order.customer).subquery()
        found = session.scalars(
            select(Order)
            .join(inner, (Order.customer == inner.c.customer) & (Order.day == inner.c.day))
            .order_by(Order.customer)
        )
        return [{"customer": o.customer, "product": o.product, "day": o.day} for o in found]
